import CopyToClipboard from '@cloudscape-design/components/copy-to-clipboard';

/** Text to be pasted elsewhere: a command, a body, an answer. */
export function Code({ text, label, canCopy = true }: { text: string; label: string; canCopy?: boolean }) {
  return (
    <div className="code">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and has to by the keyboard too */}
      <section className="code-text" tabIndex={0} aria-label={label}>
        <pre>{text}</pre>
      </section>
      {canCopy && (
        <div className="code-copy">
          <CopyToClipboard
            variant="icon"
            copyButtonAriaLabel={`Copy ${label}`}
            copySuccessText="Copied"
            copyErrorText="It could not be copied"
            textToCopy={text}
          />
        </div>
      )}
    </div>
  );
}

export const Json = ({ value, label }: { value: unknown; label: string }) => (
  <Code text={JSON.stringify(value, null, 2)} label={label} />
);

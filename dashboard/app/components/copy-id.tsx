import Box from '@cloudscape-design/components/box';
import CopyToClipboard from '@cloudscape-design/components/copy-to-clipboard';

/** An id, address or number: to read, and to copy in one press. */
export function CopyId({ value, label = 'id', shown }: { value: string; label?: string; shown?: string }) {
  return (
    <span className="copy-id">
      <CopyToClipboard
        variant="icon"
        copyButtonAriaLabel={`Copy ${label} ${value}`}
        copyErrorText={`The ${label} could not be copied`}
        copySuccessText={`The ${label} is copied`}
        textToCopy={value}
      />
      <Box variant="code" display="inline">
        {shown ?? value}
      </Box>
    </span>
  );
}

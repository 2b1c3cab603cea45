import Box from '@cloudscape-design/components/box';
import type { Shown } from './shown-template.ts';

/** A template as it looks on a phone. */
export function PhonePreview({ shown: { header, body, footer, buttons } }: { shown: Shown }) {
  return (
    <section className="phone" aria-label="How it looks on a phone">
      <div className="bubble">
        {header && <Box fontWeight="bold">{header}</Box>}
        {body}
        {footer && <small>{footer}</small>}
      </div>
      {buttons.map((text) => (
        <div className="bubble-button" key={text}>
          {text}
        </div>
      ))}
    </section>
  );
}

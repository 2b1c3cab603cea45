import Alert from '@cloudscape-design/components/alert';
import ColumnLayout from '@cloudscape-design/components/column-layout';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { Template } from '../../api/types.ts';
import { useSession } from '../../auth/session.tsx';
import { useBrand } from '../../brand.tsx';
import { Code, Json } from '../../components/code.tsx';
import { CopyId } from '../../components/copy-id.tsx';
import { GatedButton } from '../../components/gated-button.tsx';
import { useFollow } from '../../components/router-link.tsx';
import { Status } from '../../components/status.tsx';
import { Time } from '../../components/time.tsx';
import { firstOtpCurl, templateCurl } from '../../curl.ts';
import { words } from '../../words.ts';
import { PhonePreview } from './phone-preview.tsx';
import { shownOf } from './shown-template.ts';

export default function TemplatePanel({ of, onDelete }: { of: Template; onDelete: () => void }) {
  const { config } = useSession();
  const brand = useBrand();
  const follow = useFollow();
  const origin = location.origin + config.api_base;
  const copy = follow(`/whatsapp/templates/new?from=${of.name}.${of.language}`);
  const isOtp = of.category === 'AUTHENTICATION';
  return (
    <SpaceBetween size="l">
      <SpaceBetween direction="horizontal" size="xs">
        <GatedButton needs="developer" href={copy.href} onFollow={copy.onFollow as never}>
          Duplicate
        </GatedButton>
        <GatedButton needs="developer" onClick={onDelete}>
          Delete
        </GatedButton>
      </SpaceBetween>
      {of.rejected_reason && <Alert type="error">Meta rejected it: {words(of.rejected_reason)}.</Alert>}
      <KeyValuePairs
        columns={3}
        items={[
          { label: 'State', value: <Status value={of.status} /> },
          { label: 'Category', value: words(of.category) },
          { label: 'Language', value: of.language },
          { label: 'Last heard of', value: <Time iso={of.synced_at} /> },
          { label: "Meta's id", value: <CopyId value={of.id} label="template id" /> },
        ]}
      />
      <ColumnLayout columns={2}>
        <PhonePreview shown={shownOf(of.components ?? [])} />
        {of.status === 'APPROVED' && (
          <Code
            label="curl command"
            text={
              of.send_example
                ? templateCurl(origin, of.send_example)
                : isOtp
                  ? firstOtpCurl({ origin, brand, template: of.name })
                  : templateCurl(origin, {
                      path: '/api/v1/whatsapp/external/send/template',
                      body: { to: '+15550109999', template_name: of.name, language: of.language },
                    })
            }
          />
        )}
      </ColumnLayout>
      {of.components && <Json label="parts of the template" value={of.components} />}
    </SpaceBetween>
  );
}

import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Wizard from '@cloudscape-design/components/wizard';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRouter, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { oncePoster } from '../../api/once-poster.ts';
import type { Template } from '../../api/types.ts';
import { useApi, useRefusal } from '../../auth/session.tsx';
import { useBrandId } from '../../brand.tsx';
import { Page } from '../../components/page.tsx';
import { href } from '../../components/router-link.tsx';
import { NoPermission } from '../../components/states.tsx';
import { type Draft, emptyDraft, incomplete, submission } from './draft.ts';
import { useKeptDraft } from './kept-draft.ts';
import { ContentStep, CopyStep, KindStep, ReviewStep } from './template-steps.tsx';

export default function NewTemplate() {
  const { from, kind } = useSearch({ strict: false }) as { from?: string; kind?: string };
  const refusal = useRefusal('developer');
  return (
    <Page title={from ? 'Duplicate a template' : 'New template'}>
      {refusal ? (
        <NoPermission detail={refusal} />
      ) : (
        <Steps key={`${from} ${kind}`} from={from} start={kind === 'otp' ? 'otp' : undefined} />
      )}
    </Page>
  );
}

function Steps({ from, start }: { from: string | undefined; start: 'otp' | undefined }) {
  const api = useApi();
  const [postOnce] = useState(() => oncePoster(api));
  const queries = useQueryClient();
  const router = useRouter();
  const brand_id = useBrandId();
  const [first] = useState(() => (from || start ? { ...emptyDraft('otp'), ...(from ? copyOf(from) : {}) } : undefined));
  const { draft, change: keep, forget, isBack } = useKeptDraft(brand_id, first, from === undefined);
  const [place, setPlace] = useState(start ? 1 : 0);
  const [said, setSaid] = useState<string>();
  const leave = () => router.history.push(href('/whatsapp/templates'));
  const change = (part: Partial<Draft>) => {
    setSaid(undefined);
    keep(part);
  };
  const submit = useMutation({
    mutationFn: () =>
      postOnce<Template>('/whatsapp/templates', {
        brand_id,
        ...(from ? copySubmission(draft, from) : submission(draft)),
      }),
    onSuccess: () => {
      forget();
      void queries.invalidateQueries({ queryKey: ['/whatsapp/templates'] });
      leave();
    },
  });
  const contents = from
    ? [{ title: 'Name and language', content: <CopyStep draft={draft} from={from} onChange={change} said={said} /> }]
    : [
        { title: 'Kind', content: <KindStep draft={draft} onChange={change} /> },
        { title: 'Content', content: <ContentStep draft={draft} onChange={change} said={said} /> },
        { title: 'Review', content: <ReviewStep draft={draft} error={submit.error} /> },
      ];
  const go = (to: number) => {
    const why = to > 1 ? incomplete(draft) : undefined;
    setSaid(why);
    if (why === undefined) setPlace(to);
  };
  const finish = () => {
    const why = /^[a-z0-9_]{1,512}$/.test(draft.name) ? undefined : 'A name has small letters, digits and underscores.';
    setSaid(why);
    if (why === undefined) submit.mutate();
  };
  return (
    <SpaceBetween size="m">
      {isBack && (
        <Alert type="info" action={<Button onClick={forget}>Begin anew</Button>}>
          This is what you began to write here. It is kept in this browser until it is submitted.
        </Alert>
      )}
      <Wizard
        steps={contents.map((step) => ({
          ...step,
          ...(from && submit.error ? { errorText: submit.error.message } : {}),
        }))}
        activeStepIndex={from ? 0 : place}
        isLoadingNextStep={submit.isPending}
        submitButtonText="Submit to Meta"
        onNavigate={({ detail }) => go(detail.requestedStepIndex)}
        onCancel={leave}
        onSubmit={finish}
      />
    </SpaceBetween>
  );
}

const copyOf = (from: string): Partial<Draft> => {
  const [name = '', language = 'en_US'] = from.split('.');
  return { name: `${name}_copy`, language };
};

const copySubmission = ({ name, language }: Draft, from: string) => {
  const [source = '', sourceLanguage = ''] = from.split('.');
  return { kind: 'copy', name, language, copy_of: { name: source, language: sourceLanguage } };
};

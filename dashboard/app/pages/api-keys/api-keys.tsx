import Badge from '@cloudscape-design/components/badge';
import Button from '@cloudscape-design/components/button';
import ButtonDropdown from '@cloudscape-design/components/button-dropdown';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Table from '@cloudscape-design/components/table';
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import type { Scope } from '../../../../shared/scopes.ts';
import { apiKeys } from '../../api/queries.ts';
import type { ApiKey, WithSecret } from '../../api/types.ts';
import { useApi, useRefusal, useSession } from '../../auth/session.tsx';
import { useBrand } from '../../brand.tsx';
import { ConfirmModal } from '../../components/confirm-modal.tsx';
import { CopyId } from '../../components/copy-id.tsx';
import { ErrorBox } from '../../components/error-box.tsx';
import { Filters, useFilters } from '../../components/filters.tsx';
import { GatedButton } from '../../components/gated-button.tsx';
import { Page } from '../../components/page.tsx';
import { SecretModal } from '../../components/secret-modal.tsx';
import { FirstRun, NoMatch } from '../../components/states.tsx';
import { Status } from '../../components/status.tsx';
import { Ago, Time } from '../../components/time.tsx';
import { keyCurl } from '../../curl.ts';
import { KEY_FILTERS } from '../../page-filters.ts';
import { SCOPE_WORDS } from '../../scope-words.ts';
import { isEnded, keyState } from './key-state.ts';
import { RevokeKey } from './revoke-key.tsx';
import { RollKey } from './roll-key.tsx';

// Forms come when they are asked for.
const MintKey = lazy(() => import('./mint-key.tsx'));
const ChangeKey = lazy(() => import('./change-key.tsx'));

type Act = 'change' | 'roll' | 'revoke';

export default function ApiKeys() {
  const api = useApi();
  const { config } = useSession();
  const brand = useBrand();
  const filters = useFilters(KEY_FILTERS);
  const query = useQuery(apiKeys(api, brand?.id ?? ''));
  const [act, setAct] = useState<{ kind: Act; key: ApiKey }>();
  const [minted, setMinted] = useState<WithSecret<ApiKey>>();
  // An address that asks for the form gives it to nobody who could not use it.
  const isMinting = useRefusal('developer') === undefined && filters.search.new === '1';
  const setMinting = (isOpen: boolean) => filters.set({ new: isOpen ? '1' : undefined }, !isOpen);
  const show = (made: WithSecret<ApiKey>) => {
    setMinting(false);
    setAct(undefined);
    setMinted(made);
  };
  const close = () => setAct(undefined);
  const shown = (query.data ?? []).filter((key) => fits(key, filters.values));
  const mint = (
    <GatedButton needs="developer" variant="primary" onClick={() => setMinting(true)}>
      Mint a key
    </GatedButton>
  );
  if (!brand) return null;
  return (
    <Page
      title="API keys"
      description={`Each is bound to ${brand.name} and to what you let it do. Revoking one takes effect within a minute.`}
      actions={mint}
    >
      {query.isError && !query.data ? (
        <ErrorBox error={query.error} onRetry={() => query.refetch()} />
      ) : (
        <Table
          items={shown}
          trackBy="id"
          loading={query.isPending}
          loadingText="Loading keys"
          enableKeyboardNavigation
          stickyColumns={{ first: 1, last: 1 }}
          ariaLabels={{ tableLabel: 'API keys' }}
          header={
            <Header
              variant="h2"
              counter={query.data ? `(${shown.length})` : undefined}
              actions={<Button iconName="refresh" ariaLabel="Refresh keys" onClick={() => query.refetch()} />}
            >
              Keys
            </Header>
          }
          filter={<Filters state={filters} />}
          empty={
            filters.isFiltered ? (
              <NoMatch onClear={filters.clear} />
            ) : (
              <FirstRun title="No keys yet" action={mint}>
                Keys let your backends call the API.
              </FirstRun>
            )
          }
          columnDefinitions={[
            { id: 'name', header: 'Name', cell: NameCell, isRowHeader: true, minWidth: 160 },
            { id: 'id', header: 'Key id', cell: ({ id }) => <CopyId value={id} label="key id" />, minWidth: 190 },
            { id: 'scopes', header: 'Scopes', cell: ScopesCell, minWidth: 200 },
            { id: 'state', header: 'State', cell: (key) => <Status value={keyState(key)} />, minWidth: 110 },
            { id: 'used', header: 'Last used', cell: ({ last_used_at }) => <Ago iso={last_used_at} />, minWidth: 120 },
            {
              id: 'ends',
              header: 'Ends',
              cell: (key) => <Time iso={key.revoked_at ?? key.expires_at} empty="Never" />,
            },
            {
              id: 'do',
              header: 'Actions',
              cell: (key) => <Acts of={key} onPick={(kind) => setAct({ kind, key })} />,
              minWidth: 120,
            },
          ]}
        />
      )}
      <Suspense>
        {isMinting && <MintKey brand={brand} onMinted={show} onClose={() => setMinting(false)} />}
        {act?.kind === 'change' && <ChangeKey of={act.key} onClose={close} />}
      </Suspense>
      {act?.kind === 'roll' && <RollKey of={act.key} onRolled={show} onClose={close} />}
      {act?.kind === 'revoke' && <RevokeKey of={act.key} onClose={close} />}
      {minted?.secret === null && (
        <ConfirmModal
          title={`The secret of ${minted.name} was lost on its way`}
          confirm="Roll the key"
          onConfirm={() => {
            setMinted(undefined);
            setAct({ kind: 'roll', key: minted });
          }}
          onClose={() => setMinted(undefined)}
        >
          The key was made, but the answer with its secret did not arrive, and it is shown only once. Roll the key for a
          secret that you see, or revoke it.
        </ConfirmModal>
      )}
      {minted?.secret && (
        <SecretModal
          title={`The secret of ${minted.name}`}
          secret={minted.secret}
          variable="QUIXESS_API_KEY"
          tryIt={keyCurl(location.origin + config.api_base)}
          onClose={() => setMinted(undefined)}
        />
      )}
    </Page>
  );
}

function fits(key: ApiKey, { status, scope }: Record<string, string | undefined>): boolean {
  const isOfState = status === undefined || (status === 'ended') === isEnded(key);
  return isOfState && (scope === undefined || key.scopes.includes(scope as Scope));
}

function NameCell({ name, mode }: ApiKey) {
  return (
    <SpaceBetween direction="horizontal" size="xs">
      <span>{name}</span>
      {mode === 'test' && <Badge>sandbox</Badge>}
    </SpaceBetween>
  );
}

function ScopesCell({ scopes }: ApiKey) {
  const [first, second, ...rest] = scopes.map((scope) => SCOPE_WORDS[scope].name);
  const all = scopes.map((scope) => SCOPE_WORDS[scope].name).join(', ');
  return (
    <span title={all}>{[first, second].filter(Boolean).join(', ') + (rest.length > 0 ? ` +${rest.length}` : '')}</span>
  );
}

function Acts({ of, onPick }: { of: ApiKey; onPick: (act: Act) => void }) {
  const refusal = useRefusal('developer') ?? (isEnded(of) ? 'The key has ended.' : undefined);
  const gate = refusal === undefined ? {} : { disabled: true, disabledReason: refusal };
  return (
    <ButtonDropdown
      {...gate}
      variant="inline-icon"
      ariaLabel={`Actions for ${of.name}`}
      expandToViewport
      items={[
        { id: 'change', text: 'Change scopes, end or limits' },
        { id: 'roll', text: 'Roll' },
        { id: 'revoke', text: 'Revoke' },
      ]}
      onItemClick={({ detail }) => onPick(detail.id as Act)}
    />
  );
}

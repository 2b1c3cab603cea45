import Header from '@cloudscape-design/components/header';
import Select from '@cloudscape-design/components/select';
import Table from '@cloudscape-design/components/table';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { ROLES, type Role } from '../../../../shared/roles.ts';
import { members } from '../../api/queries.ts';
import type { Member } from '../../api/types.ts';
import { useApi, useRefusal, useSession } from '../../auth/session.tsx';
import { ConfirmModal } from '../../components/confirm-modal.tsx';
import { ErrorBox } from '../../components/error-box.tsx';
import { GatedButton } from '../../components/gated-button.tsx';
import { Page } from '../../components/page.tsx';
import { Status } from '../../components/status.tsx';
import { Time } from '../../components/time.tsx';
import { words } from '../../words.ts';
import { Invite } from './invite.tsx';

export default function Members() {
  const api = useApi();
  const { me } = useSession();
  const query = useQuery(members(api));
  const [isInviting, setInviting] = useState(false);
  const [leaving, setLeaving] = useState<Member>();
  const [changing, setChanging] = useState<{ member: Member; role: Role }>();
  return (
    <Page
      title="Members"
      description={`Who may do what in ${me.organisation.name}. Viewers look, developers work, owners also decide who does.`}
      actions={
        <GatedButton needs="owner" variant="primary" onClick={() => setInviting(true)}>
          Invite
        </GatedButton>
      }
    >
      {query.isError && !query.data ? (
        <ErrorBox error={query.error} onRetry={() => query.refetch()} />
      ) : (
        <Table
          items={query.data ?? []}
          trackBy="id"
          loading={query.isPending}
          loadingText="Loading members"
          enableKeyboardNavigation
          ariaLabels={{ tableLabel: 'Members' }}
          header={<Header variant="h2">People</Header>}
          columnDefinitions={[
            { id: 'email', header: 'Address', isRowHeader: true, cell: ({ email }) => email, minWidth: 220 },
            {
              id: 'role',
              header: 'Role',
              minWidth: 170,
              cell: (member) => <RoleCell of={member} onPick={(role) => setChanging({ member, role })} />,
            },
            { id: 'status', header: 'State', cell: ({ status }) => <Status value={status} />, minWidth: 120 },
            { id: 'joined', header: 'Joined', cell: ({ joined_at }) => <Time iso={joined_at} empty="Not yet" /> },
            {
              id: 'remove',
              header: 'Actions',
              cell: (member) => (
                <GatedButton
                  needs="owner"
                  variant="inline-link"
                  onClick={() => setLeaving(member)}
                  ariaLabel={`Remove ${member.email}`}
                >
                  Remove
                </GatedButton>
              ),
            },
          ]}
        />
      )}
      {isInviting && <Invite onClose={() => setInviting(false)} />}
      {changing && <ChangeRole {...changing} onClose={() => setChanging(undefined)} />}
      {leaving && <Remove of={leaving} onClose={() => setLeaving(undefined)} />}
    </Page>
  );
}

const OPTIONS = ROLES.map((role) => ({ value: role, label: words(role) }));

function RoleCell({ of, onPick }: { of: Member; onPick: (role: Role) => void }) {
  const refusal = useRefusal('owner');
  if (refusal !== undefined) return <span title={refusal}>{words(of.role)}</span>;
  return (
    <Select
      options={OPTIONS}
      selectedOption={OPTIONS.find(({ value }) => value === of.role) ?? null}
      ariaLabel={`Role of ${of.email}`}
      expandToViewport
      onChange={({ detail }) => detail.selectedOption.value !== of.role && onPick(detail.selectedOption.value as Role)}
    />
  );
}

function ChangeRole({ member, role, onClose }: { member: Member; role: Role; onClose: () => void }) {
  const api = useApi();
  const change = useChange(() => api.patch(`/members/${member.id}`, { role }), onClose);
  return (
    <ConfirmModal
      title={`Make ${member.email} ${role === 'owner' ? 'an' : 'a'} ${role}`}
      confirm="Change the role"
      isBusy={change.isPending}
      error={change.error}
      onConfirm={() => change.mutate()}
      onClose={onClose}
    >
      {member.email} is a {member.role} now. It takes effect within a minute.
    </ConfirmModal>
  );
}

function Remove({ of, onClose }: { of: Member; onClose: () => void }) {
  const api = useApi();
  const remove = useChange(() => api.remove(`/members/${of.id}`), onClose);
  return (
    <ConfirmModal
      title={`Remove ${of.email}`}
      confirm="Remove"
      isBusy={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutate()}
      onClose={onClose}
    >
      {of.email} is out within a minute. What they made stays: keys go on working.
    </ConfirmModal>
  );
}

function useChange(act: () => Promise<unknown>, onDone: () => void) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: act,
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: ['/members'] });
      onDone();
    },
  });
}

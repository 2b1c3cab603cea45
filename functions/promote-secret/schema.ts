import { ConnectionParams } from '../../shared/http/connection-fields.ts';
import type { EndpointContract } from '../../shared/http/contract.ts';
import { RotationView } from '../../shared/views/connection-view.ts';

export const contract = {
  operationId: 'connections.promoteSecret',
  tag: 'Connections',
  summary: 'Promote the new signing secret',
  description:
    'From `promoted_at` on, a minute from now, the new secret signs `X-Quixess-Signature-256`; the old one goes on signing `webhook-signature` beside it for 24 hours. Twice is once; without a rotation nothing changes.',
  params: ConnectionParams,
  responses: { 200: { description: 'The rotation.', schema: RotationView } },
  errors: ['connection_not_found', 'connection_changed'],
} as const satisfies EndpointContract;

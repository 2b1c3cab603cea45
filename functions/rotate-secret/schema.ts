import * as z from 'zod';
import { ConnectionParams } from '../../shared/http/connection-fields.ts';
import type { EndpointContract } from '../../shared/http/contract.ts';
import { RotationView } from '../../shared/views/connection-view.ts';

export const RotatedSecret = RotationView.extend({
  secret: z.string().nullable().meta({
    description:
      'The new signing secret, this once. null in a repetition with the same Idempotency-Key: rotate again then.',
    example: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo=',
  }),
}).meta({ id: 'RotatedSecret', description: 'A new signing secret, and how the rotation goes on.' });

export const contract = {
  operationId: 'connections.rotateSecret',
  tag: 'Connections',
  summary: 'Rotate the signing secret',
  description:
    'Makes a second secret. The old one goes on signing `X-Quixess-Signature-256`, both sign `webhook-signature`, until you promote the new one, or for 24 hours. Asked for again, the rotation is begun anew with another secret.',
  params: ConnectionParams,
  isIdempotent: true,
  responses: { 200: { description: 'The new secret.', schema: RotatedSecret } },
  errors: [
    'connection_not_found',
    'connection_changed',
    'conflict',
    'idempotency_in_progress',
    'idempotency_key_reused',
  ],
} as const satisfies EndpointContract;

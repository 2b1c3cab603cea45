import * as z from 'zod';
import { ConnectionParams } from '../../shared/http/connection-fields.ts';
import type { EndpointContract } from '../../shared/http/contract.ts';
import { RotationView } from '../../shared/views/connection-view.ts';

export const RotatedSecret = RotationView.extend({
  secret: z.string().meta({
    description: 'The new signing secret, this once.',
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
  responses: { 200: { description: 'The new secret.', schema: RotatedSecret } },
  errors: ['connection_not_found'],
} as const satisfies EndpointContract;

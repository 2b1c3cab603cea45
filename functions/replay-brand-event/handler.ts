import { changeLog } from '../../shared/audit/change-log.ts';
import { noted } from '../../shared/audit/noted.ts';
import { documentClient } from '../../shared/aws.ts';
import { REPLAY_VARIABLES, replayingWith } from '../../shared/brand/wiring.ts';
import { readEnv } from '../../shared/env.ts';
import { ofBrand } from '../../shared/http/brand-request.ts';
import { userHandler } from '../../shared/http/user-handler.ts';
import { brandStore } from '../../shared/store/brand-store.ts';
import { contract } from './schema.ts';

const env = readEnv('AUDIT_LOG_TABLE_NAME', 'BRANDS_TABLE_NAME', 'ERROR_DOCS_URL', ...REPLAY_VARIABLES);
const client = documentClient();

export const handler = userHandler(
  { ...contract, docsUrl: env.ERROR_DOCS_URL },
  ofBrand(
    brandStore(client, env.BRANDS_TABLE_NAME),
    noted(changeLog(client, env.AUDIT_LOG_TABLE_NAME, Date.now), replayingWith(env, client), ({ params }) => ({
      action: 'event.replayed',
      target: { type: 'event', id: params.id },
      after: null,
    })),
  ),
);

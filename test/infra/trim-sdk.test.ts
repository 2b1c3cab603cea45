import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SQSClient } from '@aws-sdk/client-sqs';
import { expect, test } from '@jest/globals';
import { endpointResolver, HOSTS } from '../../infra/trim-sdk.ts';

const clients = {
  'client-dynamodb': new DynamoDBClient({ region: 'eu-central-1' }),
  'client-secrets-manager': new SecretsManagerClient({ region: 'eu-central-1' }),
  'client-sfn': new SFNClient({ region: 'eu-central-1' }),
  'client-sqs': new SQSClient({ region: 'eu-central-1' }),
};

test.each(Object.entries(clients))('calls of %s go where its own rules would send them', async (client, { config }) => {
  const source = endpointResolver(HOSTS[client]);
  const { defaultEndpointResolver } = await import(`data:text/javascript,${encodeURIComponent(source)}`);
  for (const Region of ['eu-central-1', 'us-east-1', 'us-gov-west-1', 'ap-southeast-2', 'cn-north-1']) {
    const { url } = config.endpointProvider({ Region, UseFIPS: false, UseDualStack: false });
    expect(defaultEndpointResolver({ Region }).url.href).toBe(url.href);
  }
  const Endpoint = 'http://127.0.0.1:4001';
  const { url } = config.endpointProvider({ Region: 'eu-central-1', Endpoint });
  expect(defaultEndpointResolver({ Region: 'eu-central-1', Endpoint }).url.href).toBe(url.href);
});

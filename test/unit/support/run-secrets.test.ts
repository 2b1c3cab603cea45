import { expect, test } from '@jest/globals';
import { codesIn, rememberRequest, rememberSecret, secretsIn } from '../../support/run-secrets.ts';

test('what was sent in confidence is found in a line, and nothing else', () => {
  const key = `qxs_${'a1B2'.repeat(10)}`;
  rememberRequest(key, { to: '+15550101234', code: '839201', reference: 'signup-4711' });
  rememberRequest(null, { from: '15550101235', text: { body: 'the parcel is under the mat' } });
  rememberRequest(null, [{ variables: ['15550101236', 'x'] }]);
  rememberSecret('whsec_of_the_tenant');

  const secrets = [key.slice(-20), '15550101234', '839201', '15550101235', '15550101236'];
  for (const secret of [...secrets, 'the parcel is under the mat', 'whsec_of_the_tenant']) {
    expect(secretsIn(`{"level":"INFO","message":"x","found":"${secret}"}`)).toEqual([secret]);
  }
  expect(codesIn('{"code":839201}')).toEqual(['839201']);
  for (const innocent of ['signup-4711', 'x', '1839201', '7c4a8d09-839201af', 'duration 12.839201']) {
    expect(secretsIn(innocent)).toEqual([]);
  }
});

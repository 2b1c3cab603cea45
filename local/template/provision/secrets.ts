import { randomInt } from 'node:crypto';
import * as z from 'zod';
import type { Secrets } from '../../aws/secrets/secrets.ts';
import type { Deployment, Resource } from '../deployment.ts';

/** Makes the template's secrets; one that is there keeps its value. */
export function provisionSecrets(deployment: Deployment, secrets: Secrets): void {
  for (const secret of deployment.of('AWS::SecretsManager::Secret')) {
    secrets.ensure({ arn: secret.ref, value: initialValue(secret.properties) });
  }
}

type Properties = Resource<'AWS::SecretsManager::Secret'>['properties'];
type Generate = NonNullable<Properties['GenerateSecretString']>;

function initialValue({ SecretString, GenerateSecretString: generate }: Properties): string {
  if (!generate) return SecretString ?? '';
  const password = generatePassword(generate);
  if (generate.GenerateStringKey === undefined) return password;
  const template = z.record(z.string(), z.unknown()).parse(JSON.parse(generate.SecretStringTemplate ?? '{}'));
  return JSON.stringify({ ...template, [generate.GenerateStringKey]: password });
}

/** As GetRandomPassword does: https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetRandomPassword.html */
export function generatePassword(options: Generate): string {
  const allowed = (characters: string): string =>
    [...characters].filter((one) => !options.ExcludeCharacters.includes(one)).join('');
  const types = [
    options.ExcludeLowercase ? '' : 'abcdefghijklmnopqrstuvwxyz',
    options.ExcludeUppercase ? '' : 'ABCDEFGHIJKLMNOPQRSTUVWXYZ',
    options.ExcludeNumbers ? '' : '0123456789',
    options.ExcludePunctuation ? '' : '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~',
    options.IncludeSpace ? ' ' : '',
  ]
    .map(allowed)
    .filter((characters) => characters !== '');
  const all = types.join('');
  if (all === '') throw new Error('GenerateSecretString excludes every character');
  for (;;) {
    const password = Array.from({ length: options.PasswordLength }, () => all[randomInt(all.length)]).join('');
    const hasEachType = types.every((characters) => [...password].some((one) => characters.includes(one)));
    if (hasEachType || !options.RequireEachIncludedType || options.PasswordLength < types.length) return password;
  }
}

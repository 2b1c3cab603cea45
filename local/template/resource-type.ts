import type * as z from 'zod';

/** The place everything lives in, as ARNs and URLs name it. */
export type Place = {
  account: string;
  region: string;
  /** Base of the local AWS server; queue URLs begin with it. */
  awsUrl: string;
  /** Issuer of the local identity provider, which user pools are known by. */
  identityUrl?: string;
};

/** What a resource is known by, before its properties are read. */
export type Identity = Place & {
  /** Physical name: the template's fixed one, else from the construct's path. */
  name: string;
  logicalId: string;
};

/** A type that the stack acts on. `properties` is strict: what it does not list is refused by name. */
export type ImplementedType<Properties extends z.ZodType = z.ZodType> = {
  kind: 'implemented';
  properties: Properties;
  /** The property that fixes the physical name. */
  nameProperty?: string;
  /** Its name is unique in its parent alone: each API's stage is called `api`. */
  isNameShared?: true;
  ref(identity: Identity): string;
  attributes: Record<string, (identity: Identity) => string>;
};

/** A type that makes no difference on one machine, for the stated reason. Its properties are not looked at. */
export type HarmlessType = { kind: 'harmless'; reason: string };

export const implemented = <Properties extends z.ZodType>(
  type: Omit<ImplementedType<Properties>, 'kind'>,
): ImplementedType<Properties> => ({ kind: 'implemented', ...type });

export const harmless = (reason: string): HarmlessType => ({ kind: 'harmless', reason });

/** `arn:aws:<service>:<region>:<account>:<rest>` */
export const arn = ({ region, account }: Place, service: string, rest: string): string =>
  `arn:aws:${service}:${region}:${account}:${rest}`;

import * as z from 'zod';
import type { Assembly, StackTemplate, TemplateResource } from './assembly.ts';
import { resolve, type Scope } from './intrinsics.ts';
import type { Json } from './json.ts';
import { friendlyName, withoutStagePrefix } from './names.ts';
import type { HarmlessType, Identity, ImplementedType, Place } from './resource-type.ts';
import { HARMLESS_TYPES, IMPLEMENTED_TYPES, type ImplementedTypeName } from './resource-types.ts';

type PropertiesOf<T extends ImplementedTypeName> = z.output<(typeof IMPLEMENTED_TYPES)[T]['properties']>;

/** A resource of the templates with everything resolved. */
export type Resource<T extends ImplementedTypeName> = {
  stack: string;
  logicalId: string;
  /** Physical name, unique in its type. */
  name: string;
  /** The name without what stands before the names of all the stage's stacks: `quixess-local-deliveries` is `deliveries`. */
  friendlyName: string;
  /** What `Ref` gives: name, URL, id or ARN. */
  ref: string;
  /** What `Fn::GetAtt … Arn` gives; empty for types without one. */
  arn: string;
  properties: PropertiesOf<T>;
};

export type Deployment = {
  place: Place;
  of<T extends ImplementedTypeName>(type: T): Resource<T>[];
  /** Object key in the bootstrap bucket → local folder or file. */
  assets: ReadonlyMap<string, string>;
};

const Provider = z.object({ 'Fn::GetAtt': z.tuple([z.string(), z.literal('Arn')]) });

type Known = { stack: StackTemplate; logicalId: string; resource: TemplateResource };

/**
 * All stacks of an assembly, resolved as if deployed to `place`.
 * @throws naming stack, logical id, type and property of everything in the templates that the local stack does not know
 */
export function resolveDeployment(assembly: Assembly, place: Place): Deployment {
  const problems: string[] = [];
  const known = new Map<string, Known[]>();
  const scopes = new Map(assembly.stacks.map((stack) => [stack, createScope(stack, assembly, place)]));
  for (const stack of assembly.stacks) {
    const providers = providersIn(stack);
    for (const [logicalId, resource] of Object.entries(stack.template.Resources)) {
      if (providers.has(logicalId)) continue;
      if (resource.Condition !== undefined && !scopes.get(stack)!.condition(resource.Condition)) continue;
      if (resource.Type in HARMLESS_TYPES) continue;
      if (!(resource.Type in IMPLEMENTED_TYPES)) {
        problems.push(`${stack.name} ${logicalId}: the resource type ${resource.Type} is not known to the local stack`);
        continue;
      }
      known.set(resource.Type, [...(known.get(resource.Type) ?? []), { stack, logicalId, resource }]);
    }
  }

  const read = ({ stack, logicalId, resource }: Known): Resource<ImplementedTypeName> | undefined => {
    const type = IMPLEMENTED_TYPES[resource.Type as ImplementedTypeName];
    try {
      const parsed = type.properties.safeParse(resolve(resource.Properties, scopes.get(stack)!));
      if (!parsed.success) throw new Error(describe(parsed.error));
      const identity = identify(stack, logicalId, resource, scopes.get(stack)!, place);
      const attributes: ImplementedType['attributes'] = type.attributes;
      return {
        stack: stack.name,
        logicalId,
        name: identity.name,
        friendlyName: withoutStagePrefix(identity.name, stack),
        ref: type.ref(identity),
        arn: attributes.Arn?.(identity) ?? '',
        properties: parsed.data,
      };
    } catch (error) {
      problems.push(`${stack.name} ${logicalId} (${resource.Type}): ${(error as Error).message}`);
      return undefined;
    }
  };

  const resources = new Map<string, Resource<ImplementedTypeName>[]>();
  for (const [type, list] of known) {
    const found = list.map(read).filter((resource) => resource !== undefined);
    const known: ImplementedType = IMPLEMENTED_TYPES[type as ImplementedTypeName];
    for (const [index, { ref, stack, logicalId }] of known.isNameShared ? [] : found.entries()) {
      const twin = found.findIndex((other) => other.ref === ref);
      if (twin < index) problems.push(`${stack} ${logicalId} (${type}): also ${found[twin]!.stack} is called ${ref}`);
    }
    resources.set(type, found);
  }
  if (problems.length > 0) {
    throw new Error(`The local stack cannot run these templates:\n${problems.map((line) => `  - ${line}`).join('\n')}`);
  }
  return {
    place,
    assets: assembly.assets,
    of: <T extends ImplementedTypeName>(type: T) => (resources.get(type) ?? []) as unknown as Resource<T>[],
  };
}

/**
 * The functions behind custom resources: CloudFormation calls them while it deploys. Here the stack does their work
 * itself, by the resource's type.
 */
function providersIn({ template }: StackTemplate): Set<string> {
  const tokens = Object.values(template.Resources).map(({ Properties }) => Properties.ServiceToken);
  return new Set(
    tokens.flatMap((token) => {
      const parsed = Provider.safeParse(token);
      return parsed.success ? [parsed.data['Fn::GetAtt'][0]] : [];
    }),
  );
}

function identify(
  stack: StackTemplate,
  logicalId: string,
  resource: TemplateResource,
  scope: Scope,
  place: Place,
): Identity {
  const type: ImplementedType | HarmlessType | undefined =
    IMPLEMENTED_TYPES[resource.Type as ImplementedTypeName] ??
    HARMLESS_TYPES[resource.Type as keyof typeof HARMLESS_TYPES];
  const nameProperty = type?.kind === 'implemented' ? type.nameProperty : undefined;
  const fixed = nameProperty === undefined ? undefined : resource.Properties[nameProperty];
  const path = resource.Metadata?.['aws:cdk:path'];
  const name = fixed === undefined ? undefined : resolve(fixed, scope);
  return {
    ...place,
    logicalId,
    name: typeof name === 'string' ? name : path === undefined ? logicalId : friendlyName(path, stack.constructPath),
  };
}

function createScope(stack: StackTemplate, assembly: Assembly, place: Place): Scope {
  const { Resources, Parameters, Conditions, Mappings } = stack.template;
  const pseudo: Record<string, Json | undefined> = {
    'AWS::AccountId': place.account,
    'AWS::Region': place.region,
    'AWS::Partition': 'aws',
    'AWS::URLSuffix': 'amazonaws.com',
    'AWS::StackName': stack.name,
    'AWS::StackId': `arn:aws:cloudformation:${place.region}:${place.account}:stack/${stack.name}/local`,
    'AWS::NotificationARNs': [],
    'AWS::NoValue': undefined,
  };
  const find = (logicalId: string): TemplateResource => {
    const resource = Resources[logicalId];
    if (!resource) throw new Error(`there is no resource or parameter ${logicalId} in ${stack.name}`);
    return resource;
  };
  const scope: Scope = {
    ref(name) {
      if (name in pseudo) return pseudo[name];
      const parameter = Parameters[name];
      if (parameter) {
        if (parameter.Default === undefined) throw new Error(`the parameter ${name} has no default`);
        return parameter.Default;
      }
      const resource = find(name);
      const identity = identify(stack, name, resource, scope, place);
      return IMPLEMENTED_TYPES[resource.Type as ImplementedTypeName]?.ref(identity) ?? identity.name;
    },
    attribute(logicalId, attribute) {
      const resource = find(logicalId);
      const identity = identify(stack, logicalId, resource, scope, place);
      const type: ImplementedType | undefined = IMPLEMENTED_TYPES[resource.Type as ImplementedTypeName];
      if (type) {
        const value = type.attributes[attribute];
        if (!value) throw new Error(`the attribute ${attribute} of ${logicalId} (${resource.Type}) is not known`);
        return value(identity);
      }
      // Of a harmless type: some unique text will do, nobody looks it up.
      const service = resource.Type.split('::')[1]?.toLowerCase() ?? 'unknown';
      return attribute.endsWith('Arn')
        ? `arn:aws:${service}:${place.region}:${place.account}:${identity.name}`
        : `${identity.name}.${attribute}`;
    },
    importValue(name) {
      for (const other of assembly.stacks) {
        const otherScope = other === stack ? scope : createScope(other, assembly, place);
        for (const { Value, Export } of Object.values(other.template.Outputs)) {
          if (Export && resolve(Export.Name, otherScope) === name) return resolve(Value, otherScope) ?? null;
        }
      }
      throw new Error(`no stack exports ${name}`);
    },
    condition(name) {
      const expression = Conditions[name];
      if (expression === undefined) throw new Error(`there is no condition ${name} in ${stack.name}`);
      return resolve(expression, scope) === true;
    },
    mapping(name, topKey, secondKey) {
      const value = Mappings[name]?.[topKey]?.[secondKey];
      if (value === undefined) throw new Error(`there is no ${topKey}.${secondKey} in the mapping ${name}`);
      return value;
    },
  };
  return scope;
}

/** One line per issue, each naming its property. */
function describe(error: z.ZodError): string {
  return error.issues
    .map((issue) => {
      const where = issue.path.join('.');
      if (issue.code !== 'unrecognized_keys') return `property ${where}: ${issue.message}`;
      return issue.keys
        .map((key) => `the property ${[...issue.path, key].join('.')} is not known to the local stack`)
        .join('; ');
    })
    .join('; ');
}

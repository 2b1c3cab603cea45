/** Construct ids that say what kind of resource it is, not which; left out of names unless nothing else remains. */
const KIND_IDS = /^(Resource|Default|Function|Table|Queue|Secret|StateMachine)$/;

export const kebab = (text: string): string =>
  text
    .replace(/([a-z\d])([A-Z])/g, '$1-$2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1-$2')
    .replace(/[^A-Za-z\d]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .toLowerCase();

/**
 * The name of a resource without one of its own: `data/ApiKeys/Resource` in the stack `data` is `api-keys`.
 * @param constructPath the resource's `aws:cdk:path`
 * @param stackPath the path of the stack in the construct tree
 */
export function friendlyName(constructPath: string, stackPath: string): string {
  const inStack = constructPath.startsWith(`${stackPath}/`) ? constructPath.slice(stackPath.length + 1) : constructPath;
  const segments = inStack.split('/');
  const telling = segments.filter((segment) => !KIND_IDS.test(segment));
  return kebab((telling.length > 0 ? telling : segments.slice(0, 1)).join('-'));
}

/**
 * A physical name without what stands before the names of all stacks of a stage: where the stack `data` is called
 * `quixess-local-data`, the queue `quixess-local-deliveries` is `deliveries`.
 */
export function withoutStagePrefix(name: string, stack: { name: string; constructPath: string }): string {
  const prefix = stack.name.endsWith(stack.constructPath) ? stack.name.slice(0, -stack.constructPath.length) : '';
  return prefix !== '' && name.startsWith(prefix) ? name.slice(prefix.length) : name;
}

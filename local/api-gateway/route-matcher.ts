import type { Method } from './model.ts';

export type Match = { method: Method; pathParameters: Record<string, string> | null };

type Pattern = { expression: RegExp; weight: string; methods: Map<string, Method> };

/**
 * Finds the method for a request. A literal segment wins over `{name}`, and that over `{proxy+}`; a method of its own
 * over `ANY`. A slash at the end makes no difference.
 */
export function createRouteMatcher(
  methods: readonly Method[],
): (httpMethod: string, path: string) => Match | undefined {
  const patterns = new Map<string, Pattern>();
  for (const method of methods) {
    const pattern = patterns.get(method.resourcePath) ?? toPattern(method.resourcePath);
    pattern.methods.set(method.httpMethod, method);
    patterns.set(method.resourcePath, pattern);
  }
  const ordered = [...patterns.values()].sort((a, b) => (a.weight < b.weight ? -1 : 1));
  return (httpMethod, path) => {
    for (const { expression, methods: ofResource } of ordered) {
      const groups = expression.exec(path);
      if (!groups) continue;
      const method = ofResource.get(httpMethod) ?? ofResource.get('ANY');
      if (!method) return undefined;
      const parameters = Object.entries(groups.groups ?? {}).map(([name, value]) => [name, decode(value)]);
      return { method, pathParameters: parameters.length > 0 ? Object.fromEntries(parameters) : null };
    }
    return undefined;
  };
}

function toPattern(resourcePath: string): Pattern {
  const segments = resourcePath.split('/').slice(1);
  const source = segments.map((segment) => {
    const parameter = /^\{(\w+)(\+?)\}$/.exec(segment);
    if (!parameter) return segment.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    return parameter[2] ? `(?<${parameter[1]}>.+)` : `(?<${parameter[1]}>[^/]+)`;
  });
  // Sorts literal segments first, segment by segment.
  const weight = segments
    .map((segment) => (segment.endsWith('+}') ? '2' : segment.startsWith('{') ? '1' : '0'))
    .join('');
  return { expression: new RegExp(`^/${source.join('/')}/?$`), weight, methods: new Map() };
}

/** A path that is not valid percent-encoding is passed on as it is. */
function decode(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

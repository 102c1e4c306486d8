/** The one path grammar of Kubernetes: URL path and method to resource and verb (apiserver's RequestInfo). */
import type { ResourcePath, Verb } from '#kube/request/request.ts';

export interface ParsedPath {
  readonly verb: Verb;
  readonly path: ResourcePath;
  /** What follows `{subresource}/`, for proxies: `api/v1/pods` in `…/clusters/member1/proxy/api/v1/pods`. */
  readonly rest?: string;
  /** A legacy `/watch/…/{name}` path: the one name to watch. */
  readonly watchedName?: string;
}

const namespaceSubresources = new Set(['status', 'finalize']);

/** undefined: a non-resource path (discovery, health, …). `/api/{version}` and `/apis/{group}/{version}` are such. */
export function parsePath(method: string, pathname: string, watch: boolean): ParsedPath | undefined {
  const segments = pathname.split('/');
  // segments[0] is '' before the leading slash
  const core = segments[1] === 'api';
  if (!core && segments[1] !== 'apis') return undefined;
  const first = core ? 3 : 4;
  const parts = segments.slice(first);
  if (parts.at(-1) === '') parts.pop();
  if (parts.length === 0 || parts[0] === '') return undefined;
  const group = core ? '' : segments[2]!;
  const version = segments[first - 1]!;

  const legacyWatch = parts[0] === 'watch' && parts.length > 1;
  if (legacyWatch) parts.shift();
  const target = resourceOf(group, version, parts.map(decode));
  if (!target) return undefined;
  const { path } = target;
  if (legacyWatch) {
    const { name, subresource: _none, ...collection } = path;
    return { verb: 'watch', path: collection, ...(name ? { watchedName: name } : {}) };
  }
  return { ...target, verb: verbOf(method, path.name !== undefined, watch) };
}

function resourceOf(group: string, version: string, parts: readonly string[]): Omit<ParsedPath, 'verb'> | undefined {
  const inNamespace = parts[0] === 'namespaces' && parts.length > 2 && !namespaceSubresources.has(parts[2]!);
  const [resource, name, subresource] = inNamespace ? parts.slice(2) : parts;
  if (!resource) return undefined;
  const rest = parts.slice(inNamespace ? 5 : 3);
  return {
    path: {
      group,
      version,
      resource,
      ...(inNamespace ? { namespace: parts[1] } : {}),
      ...(name ? { name } : {}),
      ...(subresource ? { subresource } : {}),
    },
    ...(rest.length > 0 ? { rest: rest.join('/') } : {}),
  };
}

function decode(segment: string): string {
  if (!segment.includes('%')) return segment;
  try {
    return decodeURIComponent(segment);
  } catch {
    // A stray % stays what it is: no object has such a name, so the answer is NotFound.
    return segment;
  }
}

function verbOf(method: string, named: boolean, watch: boolean): Verb {
  switch (method) {
    case 'POST':
      return 'create';
    case 'PUT':
      return 'update';
    case 'PATCH':
      return 'patch';
    case 'DELETE':
      return named ? 'delete' : 'deletecollection';
    default:
      return named ? 'get' : watch ? 'watch' : 'list';
  }
}

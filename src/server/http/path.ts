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

/** A path with its escapes undone, as Go's server reads it. undefined: it has an escape that is none. */
export function decodePath(raw: string): string | undefined {
  if (!raw.includes('%')) return raw;
  if (/%(?![\da-fA-F]{2})/.test(raw)) return undefined;
  try {
    return decodeURIComponent(raw);
  } catch {
    // Bytes that are no UTF-8: no object has such a name, and an answer shows them as what cannot be shown.
    const bytes = raw.replace(/%([\da-fA-F]{2})/g, (_found, hex: string) =>
      String.fromCharCode(Number.parseInt(hex, 16)),
    );
    return Buffer.from(bytes, 'latin1').toString('utf8');
  }
}

/**
 * `pathname` with its escapes undone. undefined: a non-resource path (discovery, health, …). `/api/{version}` and
 * `/apis/{group}/{version}` are such.
 */
export function parsePath(method: string, pathname: string, watch: boolean): ParsedPath | undefined {
  const segments = pathname.split('/');
  // segments[0] is '' before the leading slash
  const core = segments[1] === 'api';
  if (!core && segments[1] !== 'apis') return undefined;
  while (segments.at(-1) === '') segments.pop();
  const first = core ? 3 : 4;
  const parts = segments.slice(first);
  if (parts.length === 0 || parts[0] === '') return undefined;
  const group = core ? '' : segments[2]!;
  const version = segments[first - 1]!;
  if (version === '' || (!core && group === '')) return undefined;

  const legacyWatch = parts[0] === 'watch' && parts.length > 1;
  if (legacyWatch) parts.shift();
  const target = resourceOf(group, version, parts);
  if (!target) return undefined;
  const { path } = target;
  if (legacyWatch) {
    const { name, subresource: _none, ...collection } = path;
    return { verb: 'watch', path: collection, ...(name ? { watchedName: name } : {}) };
  }
  return { ...target, verb: verbOf(method, path.name !== undefined, watch) };
}

/** The group beneath whose path something is asked for, '' being the core; undefined for paths that are none of the API's. */
export function groupOf(pathname: string): string | undefined {
  const [, root, group, more] = pathname.split('/');
  if (root === 'api') return group === undefined ? undefined : '';
  return root === 'apis' && group && more !== undefined ? group : undefined;
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

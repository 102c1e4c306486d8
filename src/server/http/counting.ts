/** A request at the door as it is counted: labels come from what is served, never from what somebody may write. */
import type { IncomingMessage, ServerResponse } from '#world/network/listen.ts';
import type { CountedRequest } from '../metrics/requests.ts';
import type { ParsedPath } from './path.ts';
import type { ServedApi } from './served.ts';

interface Arrived {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly pathname: string;
  readonly query: URLSearchParams;
  readonly parsed: ParsedPath | undefined;
  /** A connection that goes on, or a watch. */
  readonly lasting: boolean;
}

function resourceOf(api: ServedApi, parsed: ParsedPath | undefined): CountedRequest['resource'] {
  if (!parsed) return undefined;
  const { group, version, resource, subresource, namespace, name } = parsed.path;
  const kind = api.kind(group, version, resource);
  if (!kind) return undefined;
  const { status, scale, others = [] } = kind.subresources;
  const isKnown =
    (subresource === 'status' && status === true) ||
    (subresource === 'scale' && scale !== undefined) ||
    others.some((each) => each.name === subresource);
  return {
    verb: parsed.verb,
    group,
    version,
    resource,
    ...(subresource !== undefined && isKnown ? { subresource } : {}),
    ...(namespace === undefined ? {} : { namespace }),
    ...(name === undefined ? {} : { name }),
  };
}

/** Answers what to call when the answer is out, or has begun; undefined where nobody counts. */
export function counted(api: ServedApi, arrived: Arrived): ((waitedMs: number) => void) | undefined {
  if (!api.metrics) return undefined;
  const { request, response, pathname, query, parsed, lasting } = arrived;
  const { answered, ended } = api.metrics.began({
    method: request.method ?? 'GET',
    pathname,
    resource: resourceOf(api, parsed),
    applies: request.headers['content-type']?.startsWith('application/apply-patch') === true,
    dryRun: query.get('dryRun') === 'All',
    lasting,
  });
  if (lasting) {
    let over = false;
    const end = () => {
      if (over) return;
      over = true;
      ended();
    };
    response.once('close', end);
    // A connection that was taken over is not its answer's any more.
    if (request.headers.upgrade !== undefined) request.socket.once('close', end);
  }
  return (waitedMs) => answered({ code: response.statusCode, waitedMs });
}

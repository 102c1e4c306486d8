/** A request for another API server behind this one: passed on once the user may ask at all. */
import type { UserInfo } from '#kube/request/request.ts';
import type { IncomingMessage } from '#world/network/listen.ts';
import type { Remote } from '../aggregation/remotes.ts';
import { attributesOf, requireAccess } from '../auth/authorizer.ts';
import { decodePath, type ParsedPath } from './path.ts';
import type { Reply } from './respond.ts';
import type { ServedApi } from './served.ts';

interface Asked {
  readonly api: ServedApi;
  readonly request: IncomingMessage;
  readonly reply: Reply;
  readonly user: UserInfo;
  readonly pathname: string;
  readonly query: URLSearchParams;
}

/** What the other server makes of it is its own affair, and so are its answer and its refusals. Throws Forbidden. */
export async function serveRemote(asked: Asked, parsed: ParsedPath | undefined, remote: Remote): Promise<void> {
  const { api, request, reply, user, pathname, query } = asked;
  const fieldSelector = query.get('fieldSelector');
  requireAccess(
    api.authorizer,
    parsed
      ? attributesOf({
          verb: parsed.verb,
          path: parsed.path,
          user,
          options: fieldSelector === null ? {} : { fieldSelector },
        })
      : { user, verb: (request.method ?? 'GET').toLowerCase(), nonResourceUrl: pathname },
  );
  const url = request.url ?? '';
  const mark = url.indexOf('?');
  const written = mark < 0 ? url : url.slice(0, mark);
  // As the client wrote it, where it asks for this path itself and not for one that leads here.
  const path = (decodePath(written) === pathname ? written : encodeURI(pathname)) + (mark < 0 ? '' : url.slice(mark));
  await api.aggregation!.serve(remote, { request, response: reply.response, path, user, auditId: reply.auditId });
}

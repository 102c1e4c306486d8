/** Continue tokens: opaque to clients, a snapshot's revision and the key a page ended with to us. */
import { Buffer } from 'node:buffer';
import { badRequest } from '#kube/status/errors.ts';
import { StatusError, statusCodes } from '#kube/status/status.ts';

export interface Continuation {
  /** Of the snapshot; -1: go on in whatever is newest (the list is then not consistent). */
  readonly revision: number;
  readonly after: { readonly namespace: string; readonly name: string };
}

export function continueToken({ revision, after }: Continuation): string {
  const token = { v: 'meta.k8s.io/v1', rv: revision, start: `${after.namespace}/${after.name}` };
  return Buffer.from(JSON.stringify(token)).toString('base64url');
}

/** Throws BadRequest. */
export function parseContinue(text: string): Continuation {
  const invalid = (why: string) => badRequest(`continue key is not valid: ${why}`);
  let token: { readonly v?: unknown; readonly rv?: unknown; readonly start?: unknown };
  try {
    token = JSON.parse(Buffer.from(text, 'base64url').toString('utf8')) as typeof token;
  } catch {
    throw invalid('it is not one that this server has given');
  }
  if (typeof token !== 'object' || token === null || token.v !== 'meta.k8s.io/v1') {
    throw invalid('server does not recognize this encoded version');
  }
  const { rv, start } = token;
  if (typeof rv !== 'number' || !Number.isInteger(rv) || typeof start !== 'string') throw invalid('it is incomplete');
  const slash = start.indexOf('/');
  if (slash < 0) throw invalid('it is incomplete');
  return { revision: rv, after: { namespace: start.slice(0, slash), name: start.slice(slash + 1) } };
}

/** 410 with a token to go on from, in the newest state. */
export function continueExpired({ after }: Continuation): StatusError {
  return new StatusError({
    kind: 'Status',
    apiVersion: 'v1',
    metadata: { continue: continueToken({ revision: -1, after }) },
    status: 'Failure',
    message:
      'The provided continue parameter is too old to display a consistent list result. You can start a new list without ' +
      'the continue parameter, or use the continue token in this response to retrieve the remainder of the results. ' +
      'Continuing with the provided token results in an inconsistent list - objects that were created, modified, or ' +
      'deleted between the time the first chunk was returned and now may show up in the list.',
    reason: 'Expired',
    code: statusCodes.Expired,
  });
}

/** Continue tokens: opaque to clients, a snapshot's revision and the key a page ended with to us. */
import { Buffer } from 'node:buffer';
import { badRequest } from '#kube/status/errors.ts';
import { StatusError, statusCodes } from '#kube/status/status.ts';

export interface Continuation {
  /** Of the snapshot; -1: go on in whatever is newest (the list is then not consistent). */
  readonly revision: number;
  readonly after: { readonly namespace: string; readonly name: string };
}

const tokenVersion = 'meta.k8s.io/v1';

export function continueToken({ revision, after }: Continuation): string {
  const token = { v: tokenVersion, rv: revision, start: `${after.namespace}/${after.name}` };
  return Buffer.from(JSON.stringify(token)).toString('base64url');
}

const invalid = (why: string) => badRequest(`invalid continue token: continue key is not valid: ${why}`);

/** A token's text as JSON. Throws BadRequest. */
function decoded(text: string): { readonly v?: unknown; readonly rv?: unknown; readonly start?: unknown } {
  const bad = text.search(/[^\w-]/);
  if (bad >= 0 || text.length % 4 === 1) {
    throw invalid(`illegal base64 data at input byte ${bad < 0 ? text.length - 1 : bad}`);
  }
  const token = Buffer.from(text, 'base64url').toString('utf8');
  try {
    return (JSON.parse(token) ?? {}) as object;
  } catch {
    throw invalid(
      `invalid character ${JSON.stringify(token[0] ?? '').replaceAll('"', "'")} looking for beginning of value`,
    );
  }
}

/** Segments that lead elsewhere: a token is not to reach what its list does not. */
const wanders = (key: string): boolean =>
  key.split('/').some((segment, index) => segment === '.' || segment === '..' || (segment === '' && index > 0));

/** Throws BadRequest. */
export function parseContinue(text: string): Continuation {
  const { v, rv, start } = decoded(text);
  if (v !== tokenVersion)
    throw invalid(`server does not recognize this encoded version ${typeof v === 'string' ? v : ''}`);
  if (typeof rv !== 'number' || !Number.isInteger(rv) || rv === 0) {
    throw invalid(`incorrect encoded start resourceVersion (version ${tokenVersion})`);
  }
  if (typeof start !== 'string' || start === '') throw invalid(`encoded start key empty (version ${tokenVersion})`);
  if (wanders(start)) throw invalid(start);
  const slash = start.indexOf('/');
  return { revision: rv, after: { namespace: start.slice(0, Math.max(slash, 0)), name: start.slice(slash + 1) } };
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

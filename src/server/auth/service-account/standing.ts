/** Whether what a token stands on is still there: its time, its account and the object it is bound to. */
import type { KubeObject, UnstructuredObject } from '#kube/meta/object.ts';
import type { NamedObject, TokenClaims } from './claims.ts';

/** Finds an object of the core group by its resource (`pods`). */
export type FindObject = (resource: string, namespace: string, name: string) => KubeObject | undefined;

/** Clocks may differ by so much (go-jose's leeway); what was deleted is believed no longer than that. */
const leewaySeconds = 60;

/** Marks a Secret whose token is no longer taken. */
const invalidSince = 'kubernetes.io/legacy-token-invalid-since';

/** Whether an object was deleted before the leeway began; finalizers may keep it for long. */
const gone = (object: KubeObject, seconds: number) =>
  object.metadata.deletionTimestamp !== undefined &&
  Date.parse(object.metadata.deletionTimestamp) / 1_000 < seconds - leewaySeconds;

function timeError({ notBefore = 0, expires, issuedAt = 0 }: TokenClaims, seconds: number): string | undefined {
  if (notBefore > seconds + leewaySeconds) return 'service account token is not valid yet';
  if (expires !== undefined && seconds > expires + leewaySeconds) return 'service account token has expired';
  if (issuedAt > seconds + leewaySeconds) return 'service account token is issued in the future';
  return undefined;
}

interface Bound {
  /** As kube-apiserver's texts call it. */
  readonly kind: 'secret' | 'pod' | 'node';
  readonly resource: string;
  readonly namespace: string;
  readonly object: NamedObject;
}

/** The one object whose end ends the token. A Pod's node is only told. */
function boundOf({ namespace, pod, secret, node }: TokenClaims): Bound | undefined {
  if (secret) return { kind: 'secret', resource: 'secrets', namespace, object: secret };
  if (pod) return { kind: 'pod', resource: 'pods', namespace, object: pod };
  return node ? { kind: 'node', resource: 'nodes', namespace: '', object: node } : undefined;
}

function boundError(claims: TokenClaims, find: FindObject, seconds: number): string | undefined {
  const bound = boundOf(claims);
  if (!bound) return undefined;
  const { kind, resource, namespace, object } = bound;
  const found = find(resource, namespace, object.name);
  if (!found) return 'service account token has been invalidated';
  const { uid } = found.metadata;
  if (uid !== object.uid)
    return `${kind} UID (${uid}) does not match service account ${kind} ref claim (${object.uid})`;
  return gone(found, seconds) ? 'service account token has been invalidated' : undefined;
}

function legacyError(claims: TokenClaims, token: string, find: FindObject): string | undefined {
  const { namespace, account, legacySecret = '' } = claims;
  const secret = find('secrets', namespace, legacySecret) as UnstructuredObject | undefined;
  if (!secret || secret.metadata.deletionTimestamp) return 'Token has been invalidated';
  const { token: kept } = (secret.data ?? {}) as Readonly<Record<string, string>>;
  if (kept !== Buffer.from(token).toString('base64')) return "Token does not match server's copy";
  const found = find('serviceaccounts', namespace, account.name);
  if (!found) return `serviceaccounts ${JSON.stringify(account.name)} not found`;
  if (found.metadata.deletionTimestamp) return `ServiceAccount ${namespace}/${account.name} has been deleted`;
  if (found.metadata.uid !== account.uid)
    return `ServiceAccount UID (${found.metadata.uid}) does not match claim (${account.uid})`;
  if (!secret.metadata.labels?.[invalidSince]) return undefined;
  return (
    `the token in secret ${namespace}/${legacySecret} for service account ${namespace}/${account.name} has been marked ` +
    `invalid. Use tokens from the TokenRequest API or manually created secret-based tokens, or remove the ` +
    `'${invalidSince}' label from the secret to temporarily allow use of this token`
  );
}

/** In kube-apiserver's words why the token is good no longer; undefined while it is. `seconds`: now, since 1970. */
export function standingError(
  claims: TokenClaims,
  token: string,
  find: FindObject,
  seconds: number,
): string | undefined {
  if (claims.legacySecret !== undefined) return legacyError(claims, token, find);
  const late = timeError(claims, seconds);
  if (late) return late;
  const { namespace, account } = claims;
  const found = find('serviceaccounts', namespace, account.name);
  if (!found) return `serviceaccounts ${JSON.stringify(account.name)} not found`;
  if (found.metadata.uid !== account.uid)
    return `service account UID (${found.metadata.uid}) does not match claim (${account.uid})`;
  if (gone(found, seconds)) return `service account ${namespace}/${account.name} has been deleted`;
  return boundError(claims, find, seconds);
}

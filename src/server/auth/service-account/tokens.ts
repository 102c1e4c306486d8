/** Tokens of ServiceAccounts: issued, and checked against the account and the object they are bound to at every use. */
import type { KubeObject, UnstructuredObject } from '#kube/meta/object.ts';
import type { UserInfo } from '#kube/request/request.ts';
import type { SigningKey } from '#world/certificates/token-signing.ts';
import type { World } from '#world/world.ts';
import { allAuthenticated } from '../authenticator.ts';
import {
  type BoundObject,
  boundTokenPayload,
  legacyTokenPayload,
  readClaims,
  type TokenClaims,
  tokenIssuer,
} from './claims.ts';
import { signToken, verifyToken } from './jwt.ts';
import { serviceAccountGroups, serviceAccountUser } from './name.ts';

/** Finds an object of the core group by its resource (`pods`). */
export type FindObject = (resource: string, namespace: string, name: string) => KubeObject | undefined;

export interface IssueOptions {
  readonly namespace: string;
  readonly account: { readonly name: string; readonly uid: string };
  /** Empty: for this API server. */
  readonly audiences: readonly string[];
  readonly expirationSeconds: number;
  readonly bound?: BoundObject;
}

export interface VerifiedToken {
  readonly user: UserInfo;
  readonly audiences: readonly string[];
}

export interface ServiceAccountTokens {
  readonly issue: (options: IssueOptions) => {
    readonly token: string /** Milliseconds since 1970. */;
    readonly expires: number;
  };
  readonly issueForSecret: (namespace: string, account: IssueOptions['account'], secret: string) => string;
  /** undefined: not signed by us, expired, for none of `audiences` (default: this server), or its objects are gone. */
  readonly verify: (token: string, audiences?: readonly string[]) => VerifiedToken | undefined;
}

/** Verified signatures kept, so that a client pays for one once: at 1.5 kB each 1.5 MB. */
const rememberedTokens = 1_024;

interface Known {
  readonly claims: TokenClaims;
  readonly user: UserInfo;
}

const extraPrefix = 'authentication.kubernetes.io/';

function userOf({ namespace, account, bound, id }: TokenClaims): UserInfo {
  const extra: Record<string, readonly string[]> = {};
  if (id) extra[`${extraPrefix}credential-id`] = [`JTI=${id}`];
  if (bound && bound.kind !== 'Secret') {
    extra[`${extraPrefix}${bound.kind.toLowerCase()}-name`] = [bound.name];
    extra[`${extraPrefix}${bound.kind.toLowerCase()}-uid`] = [bound.uid];
  }
  return {
    name: serviceAccountUser(namespace, account.name),
    uid: account.uid,
    groups: [...serviceAccountGroups(namespace), allAuthenticated],
    ...(Object.keys(extra).length > 0 ? { extra } : {}),
  };
}

const boundResources = { Pod: 'pods', Secret: 'secrets', Node: 'nodes' } as const;

/** Whether what the token stands on is still there. */
function stands(find: FindObject, { namespace, account, bound, legacySecret }: TokenClaims, token: string): boolean {
  const found = find('serviceaccounts', namespace, account.name);
  if (!found || found.metadata.uid !== account.uid || found.metadata.deletionTimestamp) return false;
  if (legacySecret !== undefined) {
    const secret = find('secrets', namespace, legacySecret) as UnstructuredObject | undefined;
    const data = secret?.data as Readonly<Record<string, string>> | undefined;
    return data?.token === Buffer.from(token).toString('base64');
  }
  if (!bound) return true;
  const object = find(boundResources[bound.kind], bound.kind === 'Node' ? '' : namespace, bound.name);
  return object?.metadata.uid === bound.uid;
}

export function serviceAccountTokens(
  key: SigningKey,
  find: FindObject,
  { clock, random }: World,
): ServiceAccountTokens {
  const known = new Map<string, Known>();
  const seconds = () => Math.floor(clock.now() / 1_000);

  const recognise = (token: string): Known | undefined => {
    const before = known.get(token);
    if (before) return before;
    const payload = verifyToken(key, token);
    const claims = payload && readClaims(payload);
    if (!claims) return undefined;
    if (known.size >= rememberedTokens) known.clear();
    const recognised = { claims, user: userOf(claims) };
    known.set(token, recognised);
    return recognised;
  };

  const current = ({ notBefore = 0, expires }: TokenClaims) =>
    seconds() >= notBefore && (expires === undefined || seconds() < expires);

  return {
    issue: ({ namespace, account, audiences, expirationSeconds, bound }) => {
      const issuedAt = seconds();
      const expires = issuedAt + expirationSeconds;
      const claims: TokenClaims = {
        namespace,
        account,
        audiences: audiences.length > 0 ? audiences : [tokenIssuer],
        expires,
        id: random.uuid(),
        ...(bound ? { bound } : {}),
      };
      return { token: signToken(key, boundTokenPayload(claims, issuedAt)), expires: expires * 1_000 };
    },
    issueForSecret: (namespace, account, secret) => signToken(key, legacyTokenPayload(namespace, account, secret)),
    verify: (token, audiences = [tokenIssuer]) => {
      const recognised = recognise(token);
      if (!recognised || !current(recognised.claims) || !stands(find, recognised.claims, token)) return undefined;
      const shared = audiences.filter((audience) => recognised.claims.audiences.includes(audience));
      return shared.length > 0 ? { user: recognised.user, audiences: shared } : undefined;
    },
  };
}

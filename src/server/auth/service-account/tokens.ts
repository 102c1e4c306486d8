/** Tokens of ServiceAccounts: issued, and checked against the account and the object they are bound to at every use. */
import type { UserInfo } from '#kube/request/request.ts';
import type { SigningKey, VerifyingKey } from '#world/certificates/token-signing.ts';
import type { World } from '#world/world.ts';
import { allAuthenticated, credentialIdKey } from '../authenticator.ts';
import type { TokenVerdict, TokenVerifier } from '../tokens.ts';
import {
  boundTokenPayload,
  legacyIssuer,
  legacyTokenPayload,
  type NamedObject,
  readClaims,
  type TokenClaims,
} from './claims.ts';
import { readToken, signatureError, signToken } from './jwt.ts';
import { serviceAccountGroups, serviceAccountUser } from './name.ts';
import { type FindObject, standingError } from './standing.ts';

export interface IssueOptions extends Pick<TokenClaims, 'namespace' | 'account' | 'audiences'> {
  /** What the token itself says; `warnAfterSeconds` before it should have been renewed. */
  readonly expirationSeconds: number;
  readonly warnAfterSeconds?: number;
  /** A Pod with its node, a Secret or a node alone. */
  readonly bound?: Pick<TokenClaims, 'pod' | 'secret' | 'node'>;
}

export interface ServiceAccountTokens {
  readonly issuer: string;
  readonly issue: (options: IssueOptions) => {
    readonly token: string;
    readonly id: string;
    /** Milliseconds since 1970. */
    readonly issuedAt: number;
  };
  readonly issueForSecret: (namespace: string, account: NamedObject, secret: string) => string;
  readonly verify: TokenVerifier;
}

export interface TokenKeys {
  readonly signing: SigningKey;
  /** Of tokens that were signed before; the signing key is always among them. */
  readonly verifying?: readonly VerifyingKey[];
  readonly issuer: string;
}

/** Verified signatures kept, so that a client pays for one once: at 1.5 kB each 1.5 MB. */
const rememberedTokens = 1_024;

interface Known {
  readonly claims: TokenClaims;
  readonly user: UserInfo;
}

const extraPrefix = 'authentication.kubernetes.io/';

function userOf({ namespace, account, pod, node, id }: TokenClaims): UserInfo {
  const extra: Record<string, readonly string[]> = {};
  if (id) extra[credentialIdKey] = [`JTI=${id}`];
  for (const [kind, object] of Object.entries({ node, pod })) {
    if (!object) continue;
    extra[`${extraPrefix}${kind}-name`] = [object.name];
    if (object.uid) extra[`${extraPrefix}${kind}-uid`] = [object.uid];
  }
  return {
    name: serviceAccountUser(namespace, account.name),
    uid: account.uid,
    groups: [...serviceAccountGroups(namespace), allAuthenticated],
    ...(Object.keys(extra).length > 0 ? { extra } : {}),
  };
}

const quoted = (texts: readonly string[]) => `[${texts.map((text) => JSON.stringify(text)).join(' ')}]`;

/** `used`: hears of the Secret whose token was used. */
export function serviceAccountTokens(
  { signing, verifying = [], issuer }: TokenKeys,
  find: FindObject,
  { clock, random }: World,
  used: (namespace: string, secret: string) => void = () => {},
): ServiceAccountTokens {
  const keys: readonly VerifyingKey[] = [signing, ...verifying.filter(({ id }) => id !== signing.id)];
  const known = new Map<string, Known>();
  const seconds = () => Math.floor(clock.now() / 1_000);

  /** A text: why not. undefined: it is of another issuer. */
  const recognise = (token: string): Known | string | undefined => {
    const before = known.get(token);
    if (before) return before;
    const unverified = readToken(token);
    const { iss } = unverified?.payload ?? {};
    if (!unverified || (iss !== issuer && iss !== legacyIssuer)) return undefined;
    const error = signatureError(keys, token, unverified);
    if (error) return error;
    if (known.size >= rememberedTokens) known.clear();
    const claims = readClaims(unverified.payload, issuer);
    const recognised = { claims, user: userOf(claims) };
    known.set(token, recognised);
    return recognised;
  };

  const verify = (token: string, audiences: readonly string[] = [issuer]): TokenVerdict | undefined => {
    const recognised = recognise(token);
    if (recognised === undefined) return undefined;
    if (typeof recognised === 'string') return { error: recognised };
    const { claims, user } = recognised;
    const shared = claims.audiences.filter((audience) => audiences.includes(audience));
    if (shared.length === 0) {
      const meant = `token audiences ${quoted(claims.audiences)} is invalid for the target audiences`;
      return { error: `${meant} ${quoted(audiences)}` };
    }
    const error = standingError(claims, token, find, seconds());
    if (error) return { error };
    if (claims.legacySecret !== undefined) used(claims.namespace, claims.legacySecret);
    return { user, audiences: shared };
  };

  return {
    issuer,
    issue: ({ namespace, account, audiences, expirationSeconds, warnAfterSeconds, bound }) => {
      const issuedAt = seconds();
      const id = random.uuid();
      const claims: TokenClaims = {
        namespace,
        account,
        audiences,
        issuedAt,
        expires: issuedAt + expirationSeconds,
        id,
        ...(warnAfterSeconds === undefined ? {} : { warnAfter: issuedAt + warnAfterSeconds }),
        ...bound,
      };
      const token = signToken(signing, boundTokenPayload(claims, issuer));
      return { token, id, issuedAt: issuedAt * 1_000 };
    },
    issueForSecret: (namespace, account, secret) => signToken(signing, legacyTokenPayload(namespace, account, secret)),
    verify,
  };
}

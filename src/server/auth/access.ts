/** Authentication and authorisation of one API server, put together. */
import { loadSigningKey } from '#world/certificates/token-signing.ts';
import type { UserInfo } from '#kube/request/request.ts';
import type { BootstrapRbac } from '#apis/kubernetes/bootstrap-rbac.ts';
import type { World } from '#world/world.ts';
import type { KindRegistry } from '../registry/kinds/registry.ts';
import { storageName } from '../registry/kinds/served.ts';
import type { Storage } from '../registry/storage.ts';
import { type Authenticator, createAuthenticator, type TokenAuthenticator } from './authenticator.ts';
import type { Authorizer } from './authorizer.ts';
import type { EscalationCheck } from './rbac/escalation.ts';
import { createRbac } from './rbac/rbac.ts';
import { type Review, reviews } from './review/reviews.ts';
import { keepSecretTokens } from './service-account/secrets.ts';
import { answerTokenRequest } from './service-account/token-request.ts';
import { type FindObject, serviceAccountTokens, type VerifiedToken } from './service-account/tokens.ts';
import { staticTokens } from './static-tokens.ts';

export interface AccessOptions {
  readonly storage: Storage;
  readonly kinds: KindRegistry;
  readonly world: World;
  /** `bootstrapRbac()`, read once a process. */
  readonly bootstrap: BootstrapRbac;
  /** PKCS #8 PEM, kept in the data directory: tokens outlive restarts. */
  readonly tokenKey: string;
  /** PEM of the CA behind the server's certificate, for Secrets of ServiceAccounts. */
  readonly authority: string;
  /** Token -> user. */
  readonly tokens?: Readonly<Record<string, Pick<UserInfo, 'name' | 'groups'>>>;
}

export interface Access {
  readonly authenticate: Authenticator;
  readonly authorizer: Authorizer;
  readonly checkEscalation: EscalationCheck;
  /** By `group/resource`: the kinds that are answered, not stored. */
  readonly reviews: ReadonlyMap<string, Review>;
  /** `serviceaccounts/{name}/token`. */
  readonly requestToken: Review;
}

export function createAccess(options: AccessOptions): Access {
  const { storage, kinds, world, bootstrap, tokenKey, authority, tokens: fixed = {} } = options;
  const { authorizer, checkEscalation } = createRbac({ storage, kinds, world, bootstrap });
  const find: FindObject = (resource, namespace, name) => storage.find(storageName('', resource), namespace, name);
  const tokens = serviceAccountTokens(loadSigningKey(tokenKey), find, world);
  keepSecretTokens({ storage, kinds, tokens, clock: world.clock, authority });

  const known = staticTokens(fixed);
  const ofAccount: TokenAuthenticator = (token) => tokens.verify(token)?.user;
  const verifyToken = (token: string, audiences: readonly string[] | undefined): VerifiedToken | undefined => {
    const user = known(token);
    return user ? { user, audiences: audiences ?? [] } : tokens.verify(token, audiences);
  };
  return {
    authenticate: createAuthenticator([known, ofAccount]),
    authorizer,
    checkEscalation,
    reviews: reviews({ authorizer, verifyToken }),
    requestToken: (request) => answerTokenRequest(request, tokens, find),
  };
}

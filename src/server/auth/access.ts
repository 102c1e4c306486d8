/** Authentication and authorisation of one API server, put together: what `createApiServer` takes as `access`. */
import type { BootstrapRbac } from '#apis/kubernetes/bootstrap-rbac.ts';
import type { UserInfo } from '#kube/request/request.ts';
import { loadSigningKey } from '#world/certificates/token-signing.ts';
import { storageName } from '../registry/kinds/served.ts';
import type { AccessControl, Foundation } from '../serve.ts';
import { createAuthenticator, type TokenAuthenticator } from './authenticator.ts';
import { escalationStep } from './rbac/admission-step.ts';
import { createRbac } from './rbac/rbac.ts';
import { reviews } from './review/reviews.ts';
import { keepSecretTokens } from './service-account/secrets.ts';
import { answerTokenRequest } from './service-account/token-request.ts';
import { type FindObject, serviceAccountTokens, type VerifiedToken } from './service-account/tokens.ts';
import { staticTokens } from './static-tokens.ts';

export interface AccessOptions {
  /** `bootstrapRbac()` of apis/kubernetes, read once a process. */
  readonly bootstrap: BootstrapRbac;
  /** PKCS #8 PEM (`createSigningKeyPem`), kept in the data directory: tokens outlive restarts. */
  readonly tokenKey: string;
  /** PEM of the CA behind the server's certificate, for Secrets of ServiceAccounts. */
  readonly authority: string;
  /** Token -> user. */
  readonly tokens?: Readonly<Record<string, Pick<UserInfo, 'name' | 'groups'>>>;
}

export const accessControl =
  (options: AccessOptions) =>
  ({ storage, kinds, world }: Foundation): AccessControl => {
    const { bootstrap, tokenKey, authority, tokens: fixed = {} } = options;
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
      authorizer,
      authenticate: createAuthenticator([known, ofAccount]),
      admission: [escalationStep(checkEscalation)],
      answered: {
        ...reviews({ authorizer, verifyToken }),
        [storageName('', 'serviceaccounts/token')]: (request) => answerTokenRequest(request, tokens, find),
      },
    };
  };

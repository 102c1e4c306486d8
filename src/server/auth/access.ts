/** Authentication and authorisation of one API server, put together: what `createApiServer` takes as `access`. */
import type { BootstrapRbac } from '#apis/kubernetes/bootstrap-rbac.ts';
import type { UserInfo } from '#kube/request/request.ts';
import { unauthorized } from '#kube/status/errors.ts';
import { loadSigningKey, loadVerifyingKey } from '#world/certificates/token-signing.ts';
import { storageName } from '../registry/kinds/served.ts';
import type { AccessControl, Foundation } from '../serve.ts';
import { createAuthenticator } from './authenticator.ts';
import { bootstrapTokens } from './bootstrap-tokens.ts';
import { signingRequestFields } from './certificates/admission-step.ts';
import { nodeAuthorizer } from './node/authorizer.ts';
import { nodeRelations, type ReadObjects } from './node/relations.ts';
import { nodeRestriction } from './node/restriction.ts';
import { restrictTokens } from './node/tokens.ts';
import { escalationStep } from './rbac/admission-step.ts';
import { createRbac } from './rbac/rbac.ts';
import { reviews } from './review/reviews.ts';
import { defaultIssuer } from './service-account/claims.ts';
import { keepSecretTokens, markUsed } from './service-account/secrets.ts';
import type { FindObject } from './service-account/standing.ts';
import { answerTokenRequest } from './service-account/token-request.ts';
import { serviceAccountTokens } from './service-account/tokens.ts';
import { staticTokens } from './static-tokens.ts';
import { verifyWith } from './tokens.ts';
import { unionAuthorizer } from './union.ts';

export interface AccessOptions {
  /** `bootstrapRbac()` of apis/kubernetes, read once a process. */
  readonly bootstrap: BootstrapRbac;
  /** PKCS #8 PEM (`createSigningKeyPem`), EC or RSA, kept in the data directory: tokens outlive restarts. */
  readonly tokenKey: string;
  /** PEM of further keys, public or private, whose tokens are taken: those that signed before. */
  readonly tokenVerifyingKeys?: readonly string[];
  /** Of ServiceAccount tokens, and the audience that this API server is; kubeadm's when absent. */
  readonly issuer?: string;
  /** PEM of the CA behind the server's certificate, for Secrets of ServiceAccounts. */
  readonly authority: string;
  /** Token -> user. */
  readonly tokens?: Readonly<Record<string, Pick<UserInfo, 'name' | 'groups'>>>;
  /** False: who shows no credentials is refused, instead of being system:anonymous. */
  readonly anonymous?: boolean;
}

/** What a kubelet may whatever it has to do with: the rules of the role that nodes had before there was a Node authoriser. */
const nodeRole = 'system:node';

export const accessControl =
  (options: AccessOptions) =>
  ({ storage, kinds, world }: Foundation): AccessControl => {
    const {
      bootstrap,
      tokenKey,
      tokenVerifyingKeys = [],
      issuer = defaultIssuer,
      authority,
      anonymous = true,
    } = options;
    const { clock } = world;
    const read: ReadObjects = {
      find: (resource, namespace, name) => storage.find(resource, namespace, name),
      list: (resource, namespace) => storage.list(resource, namespace).items,
    };
    const rbac = createRbac({ storage, kinds, world, bootstrap });
    const nodeRules = bootstrap.clusterRoles.find(({ metadata }) => metadata.name === nodeRole)?.rules ?? [];
    const authorizer = unionAuthorizer(nodeAuthorizer(nodeRules, nodeRelations(read)), rbac.authorizer);

    const find: FindObject = (resource, namespace, name) => storage.find(storageName('', resource), namespace, name);
    const keys = {
      signing: loadSigningKey(tokenKey),
      verifying: tokenVerifyingKeys.map(loadVerifyingKey),
      issuer,
    };
    const tokens = serviceAccountTokens(keys, find, world, markUsed({ storage, kinds, clock }));
    keepSecretTokens({ storage, kinds, tokens, clock, authority });
    const bootstrapSecret = (name: string) => find('secrets', 'kube-system', name);
    const verifyToken = verifyWith([
      staticTokens(options.tokens ?? {}, issuer),
      bootstrapTokens(bootstrapSecret, clock, issuer),
      tokens.verify,
    ]);
    const ofToken = (token: string) => {
      const verdict = verifyToken(token);
      if ('error' in verdict) throw unauthorized();
      return verdict.user;
    };
    const restrict = restrictTokens({ read, authorizer });
    return {
      authorizer,
      authenticate: createAuthenticator(ofToken, anonymous),
      admission: [nodeRestriction(read), signingRequestFields(clock), escalationStep(rbac.checkEscalation)],
      answered: {
        ...reviews({ authorizer, clock, verifyToken }),
        [storageName('', 'serviceaccounts/token')]: (request) =>
          answerTokenRequest(request, { tokens, find, clock, restrict }),
      },
      issuer: { url: issuer, keys: () => [keys.signing, ...keys.verifying].map(({ publicKey }) => publicKey) },
    };
  };

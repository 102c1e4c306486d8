/** One embedded API server with its access control, its paths and its port. */
import { bootstrapRbac } from '#apis/kubernetes/bootstrap-rbac.ts';
import type { ApiClient } from '#client/api-client.ts';
import { inProcessClient } from '#client/in-process.ts';
import type { KindDefinition } from '#kube/kind/definition.ts';
import type { ApiHandler, RawResponse, UserInfo } from '#kube/request/request.ts';
import type { Metrics } from '#runtime/telemetry/metrics.ts';
import type { Audit } from '#server/audit/audit.ts';
import { type AccessOptions, accessControl } from '#server/auth/access.ts';
import { requireAccess } from '#server/auth/authorizer.ts';
import { type ApiListener, listen } from '#server/http/listen.ts';
import { rawPaths } from '#server/http/raw.ts';
import type { ServedApi } from '#server/http/served.ts';
import { type ApiServer, type ApiServerOptions, createApiServer } from '#server/serve.ts';
import type { Store } from '#server/storage/store.ts';
import { ListenError } from '#world/network/listen.ts';
import { machine } from '#world/process/process.ts';
import type { World } from '#world/world.ts';
import { type ClusterIdentity, frontProxyName, servingTls } from './identity.ts';
import { webhookCalls } from './webhook-calls.ts';

/** The Kubernetes release every embedded API server answers as. */
export const kubernetesRelease = 'v1.35.3';

/** Whoever starts everything may do everything, as the admin kubeconfig's user. */
export const adminUser: UserInfo = { name: 'system:admin', groups: ['system:masters', 'system:authenticated'] };

/** Whom it takes: the issuer of ServiceAccount tokens, and whether people without credentials get past the door. */
export type CallerOptions = Pick<AccessOptions, 'issuer' | 'anonymous'>;

export interface ClusterServerOptions
  extends Pick<
    ApiServerOptions,
    'webhooks' | 'disabledAdmission' | 'serviceCidr' | 'admission' | 'behind' | 'nodes' | 'answered'
  > {
  readonly name: string;
  readonly store: Store;
  readonly world: World;
  readonly identity: ClusterIdentity;
  readonly kinds: readonly KindDefinition[];
  readonly metrics: Metrics;
  readonly onError: (error: unknown) => void;
  /** A port asked for; 0 for any free one. */
  readonly port: number;
  /** The port was the user's explicit choice: a busy one is an error. */
  readonly portRequired: boolean;
  readonly audit?: Audit;
  readonly callers?: CallerOptions;
  /** What runs inside the cluster, started before its port opens; answers how the outside meets the API. */
  readonly inside?: (handler: ApiHandler) => ApiHandler;
  /** Paths of ours beside the API server's own. */
  readonly extraRaw?: (path: string) => Promise<RawResponse | undefined>;
}

export interface ClusterServer {
  readonly server: ApiServer;
  readonly listener: ApiListener;
  /** The port asked for was busy, so another one was taken. */
  readonly movedFrom?: number;
  readonly client: (user: UserInfo, userAgent: string) => ApiClient;
  readonly stop: () => Promise<void>;
}

export async function startClusterServer(options: ClusterServerOptions): Promise<ClusterServer> {
  const { name, store, world, identity, kinds, metrics, extraRaw } = options;
  const bootstrap = await bootstrapRbac();
  const paths = rawPaths({ release: kubernetesRelease, platform: machine.platform, metrics: () => metrics.text() });
  const server = createApiServer({
    name,
    space: name,
    store,
    world,
    kinds,
    access: accessControl({
      bootstrap,
      tokenKey: identity.tokenKey,
      authority: identity.authority.cert,
      ...options.callers,
    }),
    raw: (foundation, authorizer, flow, issuer) => {
      const own = paths(foundation, authorizer, flow, issuer);
      return async (path, user, accept) => {
        const found = extraRaw && (await extraRaw(path));
        if (found) requireAccess(authorizer, { user, verb: 'get', nonResourceUrl: path });
        return found ?? own(path, user, accept);
      };
    },
    ...aggregationOf(identity),
    webhooks: { call: webhookCalls(), ...options.webhooks },
    ...(options.disabledAdmission ? { disabledAdmission: options.disabledAdmission } : {}),
    ...(options.serviceCidr ? { serviceCidr: options.serviceCidr } : {}),
    ...(options.admission ? { admission: options.admission } : {}),
    ...(options.behind ? { behind: options.behind } : {}),
    ...(options.nodes ? { nodes: options.nodes } : {}),
    ...(options.answered ? { answered: options.answered } : {}),
  });
  await server.start();
  const handler = options.inside?.(server.handler) ?? server.handler;
  const inner = { ...handler, raw: server.rawInside };
  const { listener, moved } = await listenSomewhere({ ...server, handler }, options);
  await server.advertise({ address: listener.host, port: listener.port });
  return {
    server,
    listener,
    ...(moved ? { movedFrom: options.port } : {}),
    client: (user, userAgent) => inProcessClient({ name, handler: inner, user, clock: world.clock, userAgent }),
    stop: async () => {
      await listener.close();
      server.stop();
    },
  };
}

/** As kubeadm sets a kube-apiserver up: it tells those behind it whom it asks for, and believes its own likes. */
function aggregationOf({
  authority,
  frontProxy,
}: ClusterIdentity): Pick<ApiServerOptions, 'aggregation' | 'frontProxies'> {
  if (!frontProxy) return { aggregation: { clientCa: authority.cert } };
  const { cert: ca } = frontProxy.authority;
  return {
    aggregation: { clientCa: authority.cert, frontProxyCa: ca, client: frontProxy.client },
    frontProxies: { ca, allowedNames: [frontProxyName] },
  };
}

/** The remembered port where it is free, else any; an explicit choice is never moved. */
async function listenSomewhere(
  server: ServedApi,
  options: ClusterServerOptions,
): Promise<{ readonly listener: ApiListener; readonly moved: boolean }> {
  const { world, identity, onError, port, portRequired, audit } = options;
  const door = { ...world, tls: servingTls(identity), onError, ...(audit ? { audit } : {}) };
  const at = (wanted: number) => listen(server, { ...door, port: wanted });
  try {
    return { listener: await at(port), moved: false };
  } catch (error) {
    const busy = error instanceof ListenError && error.reason === 'port-in-use';
    if (!busy || portRequired || port === 0) throw error;
    return { listener: await at(0), moved: true };
  }
}

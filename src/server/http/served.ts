/**
 * What the HTTP door needs of an API server: `createApiServer` (server/serve.ts) answers it, and so does anything
 * else that serves Kubernetes resources.
 */
import type { KindDefinition } from '#kube/kind/definition.ts';
import type { ApiHandler, ApiRequest } from '#kube/request/request.ts';
import type { Aggregation } from '../aggregation/aggregation.ts';
import type { Authenticator } from '../auth/authenticator.ts';
import type { Authorizer } from '../auth/authorizer.ts';
import type { FrontProxies } from '../auth/front-proxy.ts';
import type { FlowControl } from '../flowcontrol/flow-control.ts';
import type { RequestMetrics } from '../metrics/requests.ts';

export interface ServedApi {
  /** For logs: `karmada-apiserver`, `member1`. */
  readonly name: string;
  readonly handler: ApiHandler;
  readonly authenticate: Authenticator;
  /** Decides about impersonation; the requests themselves are authorised by the handler, for all callers alike. */
  readonly authorizer: Authorizer;
  /** For Tables. */
  readonly kind: (group: string, version: string, resource: string) => KindDefinition | undefined;
  /** Whether anything of this group is served; everything is taken to be without it. */
  readonly servesGroup?: (group: string) => boolean;
  /** The store's gate: a watch event leaves only after its revision is durable. */
  readonly durable: (revision: number) => Promise<void>;
  /** Who is served when there are too many; everybody is without it. */
  readonly flow?: FlowControl;
  /**
   * The API server behind a proxy subresource (`clusters/{name}/proxy/…`), once the user may reach it. Throws NotFound
   * or Forbidden; undefined when this resource has nothing behind it.
   */
  readonly behind?: (request: ApiRequest) => ServedApi | undefined | Promise<ServedApi | undefined>;
  /** Other API servers behind this one, by what they serve (APIServices). */
  readonly aggregation?: Pick<Aggregation, 'at' | 'serve' | 'endStreams'>;
  /** API servers before this one, which tell for whom they ask. */
  readonly frontProxies?: FrontProxies;
  /** Counts requests. */
  readonly metrics?: RequestMetrics;
}

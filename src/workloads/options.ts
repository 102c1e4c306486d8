/** What the controllers of a cluster are given by whoever runs them. */
import type { ApiClient } from '#client/api-client.ts';
import type { InformerFactory } from '#client/informer/informer.ts';
import type { RestMapper } from '#client/mapper/mapper.ts';
import type { EventRecorder } from '#runtime/events.ts';
import type { KeyPair } from '#world/certificates/authority.ts';
import type { Clock } from '#world/clock/clock.ts';
import type { Random } from '#world/random/random.ts';

export interface WorkloadOptions {
  /** Acts as `system:kube-controller-manager`; its writes carry the field manager `kube-controller-manager`. */
  readonly client: ApiClient;
  readonly informers: InformerFactory;
  /** By the component an event says it comes from: `deployment-controller`. */
  readonly events: (component: string) => EventRecorder;
  readonly clock: Clock;
  readonly random: Random;
  /** What the API server serves; made from the client when absent. */
  readonly mapper?: RestMapper;
  /** PEM of the CA, published as kube-root-ca.crt in every namespace; absent: none is published. */
  readonly rootCertificate?: string;
  /** The CA itself, PEM: signs approved CertificateSigningRequests; absent: somebody else does. */
  readonly authority?: KeyPair;
}

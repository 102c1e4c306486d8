/** What a simulated member is made of. */
import type { ApiHandler } from '#kube/request/request.ts';
import type { Log } from '#runtime/telemetry/log.ts';
import type { Metrics } from '#runtime/telemetry/metrics.ts';
import type { StageSet } from '#workloads/pods/life/stages.ts';
import type { KeyPair } from '#world/certificates/authority.ts';
import type { World } from '#world/world.ts';
import type { NodeShape } from './nodes.ts';

export interface MemberOptions {
  /** `member1` */
  readonly name: string;
  /** From 0; gives the address ranges (network.ts). */
  readonly index: number;
  /** Its API server, started. */
  readonly handler: ApiHandler;
  readonly world: World;
  readonly log: Log;
  /** Its own: the controllers of all members have the same names. */
  readonly metrics: Metrics;
  readonly stages: StageSet;
  /** Its controllers read nothing before this has come; at once when absent. Its API serves all the same. */
  readonly after?: Promise<void> | undefined;
  readonly nodes?: readonly NodeShape[];
  /** PEM of the CA, published in every namespace. */
  readonly rootCertificate?: string;
  /** The CA itself, for CertificateSigningRequests. */
  readonly authority?: KeyPair;
}

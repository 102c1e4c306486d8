/** How a kind is told to the scripts that try every verb on it. */
import type { Anything } from '#harness/kubectl.ts';

export interface SampledKind {
  /** `apps/v1`. */
  readonly apiVersion: string;
  readonly kind: string;
  readonly resource: string;
  readonly clusterScoped?: boolean;
  /** Everything but apiVersion, kind and metadata, with as many fields as its rules allow. */
  readonly content: Anything;
  /** A merge patch that its rules allow. */
  readonly change: Anything;
  /** A status as a controller would write it, where there is the subresource. */
  readonly status?: Anything;
  readonly scale?: boolean;
  /** What its name is, where it cannot be any. */
  readonly name?: string;
  readonly annotations?: Anything;
}

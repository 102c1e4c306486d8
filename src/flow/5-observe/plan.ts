/** Step 5, the decision: what a Work's status says of one manifest's object in the member (compatibility.md section 3.5). */
import type { ManifestStatus, Work } from '#apis/work/work.ts';
import type { Health } from '#interpreter/interpreter.ts';
import { deepEqual } from '#kube/meta/equal.ts';
import { parseApiVersion } from '#kube/meta/kind.ts';
import type { JsonObject, KubeObject, UnstructuredObject } from '#kube/meta/object.ts';

export interface Observation {
  readonly manifest: KubeObject;
  readonly ordinal: number;
  /** The member's object. */
  readonly live: UnstructuredObject;
  /** Undefined: nothing of the status is collected. */
  readonly status: JsonObject | undefined;
  readonly health: Health;
}

/** Kinds whose controllers answer every new object with the generation they have seen. */
const alwaysAnswered: ReadonlySet<string> = new Set(
  ['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet'].map((kind) => `apps/v1 ${kind}`),
);

/** The member's controller has not seen the object's newest generation: what it says of it is about to be replaced. */
export function isBehind({ live }: Observation): boolean {
  const { observedGeneration } = (live.status ?? {}) as { readonly observedGeneration?: number };
  if (observedGeneration === undefined) return alwaysAnswered.has(`${live.apiVersion} ${live.kind}`);
  return observedGeneration < (live.metadata.generation ?? 0);
}

/** Its Pods are on their way: what is said of it is about to be replaced, if all goes well. */
export const isUnderWay = ({ health, live }: Observation): boolean =>
  health === 'Unhealthy' && alwaysAnswered.has(`${live.apiVersion} ${live.kind}`);

function manifestStatus({ manifest, ordinal, status, health }: Observation): ManifestStatus {
  const { group, version } = parseApiVersion(manifest.apiVersion);
  const { namespace, name } = manifest.metadata;
  return {
    health,
    identifier: {
      ...(group ? { group } : {}),
      kind: manifest.kind,
      name: name!,
      ...(namespace ? { namespace } : {}),
      ordinal,
      // Left empty, as compatible clients know it.
      resource: '',
      version,
    },
    ...(status && Object.keys(status).length > 0 ? { status } : {}),
  };
}

/** The Work with these observations; the same reference when it says so already. */
export function withObservations(work: Work, observations: readonly Observation[]): Work {
  const manifestStatuses = observations.map(manifestStatus);
  if (deepEqual(manifestStatuses, work.status?.manifestStatuses ?? [])) return work;
  return { ...work, status: { ...work.status, manifestStatuses } };
}

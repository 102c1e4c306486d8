/** Proves a migration: what was there before runs as it did, and is under management now. Pure. */
import { canonicalJson } from '#kube/fields/text.ts';
import type { JsonValue } from '#kube/meta/object.ts';
import { compareEvidence, type Difference } from '../evidence/compare.ts';
import type { Evidence, ObjectEvidence } from '../evidence/evidence.ts';
import { isAdopted, type MigrationPlan, titleOf } from '../model.ts';
import { type BindingsByTemplate, whyUnmanaged } from './standing.ts';

export interface Unmanaged {
  readonly object: string;
  readonly why: string;
}

/** What was counted, for those who want to know how much the proof covers. */
export interface Coverage {
  readonly objects: number;
  readonly pods: number;
  readonly containers: number;
  readonly revisions: number;
  readonly endpoints: number;
}

export interface Verification {
  readonly plan: string;
  readonly cluster: string;
  readonly before: string;
  readonly after: string;
  readonly proven: boolean;
  readonly coverage: Coverage;
  readonly differences: readonly Difference[];
  readonly unmanaged: readonly Unmanaged[];
  /** SHA-256 of the plan and both pieces of evidence: who computes it anew from the same files gets the same. */
  readonly checksum: string;
}

const sum = (objects: readonly ObjectEvidence[], of: (object: ObjectEvidence) => number): number =>
  objects.reduce((total, object) => total + of(object), 0);

const coverageOf = ({ objects }: Evidence): Coverage => ({
  objects: objects.length,
  pods: sum(objects, ({ pods = [] }) => pods.length),
  containers: sum(objects, ({ pods = [] }) => pods.reduce((count, pod) => count + pod.containers.length, 0)),
  revisions: sum(objects, ({ revisions = [] }) => revisions.length),
  endpoints: sum(objects, ({ endpoints = [] }) => endpoints.length),
});

export interface VerifyInput {
  readonly plan: MigrationPlan;
  readonly before: Evidence;
  readonly after: Evidence;
  readonly bindings: BindingsByTemplate;
  /** In hexadecimal. */
  readonly sha256: (text: string) => string;
}

export function verification({ plan, before, after, bindings, sha256 }: VerifyInput): Verification {
  const { cluster } = plan.spec.from;
  const adopted = new Set(plan.objects.filter(isAdopted).map(titleOf));
  const differences = compareEvidence(plan, before, after);
  const unmanaged = after.objects
    .filter((object) => adopted.has(titleOf(object)))
    .flatMap((object) => {
      const why = whyUnmanaged(object, cluster, bindings);
      return why === undefined ? [] : [{ object: titleOf(object), why }];
    });
  return {
    plan: plan.metadata.name,
    cluster,
    before: before.takenAt,
    after: after.takenAt,
    proven: unmanaged.length === 0 && differences.every(({ is }) => is === 'note'),
    coverage: coverageOf(before),
    differences,
    unmanaged,
    checksum: sha256(canonicalJson({ plan, before, after } as unknown as JsonValue)),
  };
}

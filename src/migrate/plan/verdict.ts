/** From what the member answered to the dry run of the exact write to a verdict on the object. Pure. */
import { compare } from '#kube/apply/typed/compare.ts';
import { formatPath } from '#kube/fields/element.ts';
import {
  type FieldSet,
  fieldSet,
  isEmpty,
  leaves,
  pathsOf,
  recursiveDifference,
  union,
} from '#kube/fields/fieldset.ts';
import { parseApiVersion } from '#kube/meta/kind.ts';
import type { UnstructuredObject } from '#kube/meta/object.ts';
import type { DryRun } from '../changes/changes.ts';
import { ownersOf } from '../changes/owners.ts';
import type { Verdict } from '../model.ts';

/** Where a change replaces or stops Pods, by group and kind; every Pod of a bare one is its own. */
const podPaths: Readonly<Record<string, readonly (readonly string[])[]>> = {
  'apps/Deployment': [['spec', 'template']],
  'apps/StatefulSet': [['spec', 'template']],
  'apps/DaemonSet': [['spec', 'template']],
  'apps/ReplicaSet': [],
  '/ReplicationController': [],
  '/Pod': [['spec']],
};

/** Fields whose lowering stops Pods. */
const replicas = ['spec', 'replicas'];

/** Metadata is ours to mark; status is the member's. */
const apart = fieldSet(['metadata'], ['status'], ['apiVersion'], ['kind']);

/** Fields that would be added, modified or removed, metadata apart. */
function changesOf({ live, answer, kind }: DryRun): FieldSet {
  const { added, modified, removed } = compare(kind.schema, live, answer);
  return recursiveDifference(leaves(union(union(added, modified), removed)), apart);
}

const replicasOf = (object: UnstructuredObject): unknown =>
  (object.spec as { readonly replicas?: number } | undefined)?.replicas;

const stopsPods = ({ live, answer }: DryRun): boolean => Number(replicasOf(answer)) < Number(replicasOf(live));

/** `adopt` where nothing but metadata differs. */
export function verdictOf(run: DryRun): Verdict {
  const changes = changesOf(run);
  if (isEmpty(changes)) return { is: 'adopt' };
  const { group } = parseApiVersion(run.live.apiVersion);
  const paths = podPaths[`${group}/${run.live.kind}`] ?? [];
  const restarting = pathsOf(changes).filter((path) => {
    const steps = path.map((element) => formatPath([element]).replace(/^\./, ''));
    const isUnder = (prefix: readonly string[]) => prefix.every((step, i) => steps[i] === step);
    return paths.some(isUnder) || (isUnder(replicas) && stopsPods(run));
  });
  if (restarting.length > 0) return { is: 'restart', fields: ownersOf(run.live, fieldSet(...restarting)) };
  return { is: 'change', fields: pathsOf(changes).map(formatPath) };
}

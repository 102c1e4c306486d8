/** Which daemons make way for the new template: as many as may be missing, or be there twice. Pure. */
import type { DaemonSet, Pod } from '#apis/kubernetes/types.ts';
import { revisionLabel } from '../../history.ts';
import { scaledValue } from '../../percent.ts';
import { isAvailable } from '../../pod-state.ts';

export interface RolloutView {
  readonly set: DaemonSet;
  readonly hash: string;
  /** By node, for nodes that are to have a daemon; those being deleted are left out. */
  readonly byNode: ReadonlyMap<string, readonly Pod[]>;
  readonly now: number;
}

export interface Rollout {
  readonly delete: readonly Pod[];
  /** Nodes that get a second daemon while the first still runs. */
  readonly surge: readonly string[];
}

export function planRollout(view: RolloutView): Rollout {
  const { set, byNode } = view;
  if (set.spec.updateStrategy?.type === 'OnDelete') return { delete: [], surge: [] };
  const { maxUnavailable = 1, maxSurge = 0 } = set.spec.updateStrategy?.rollingUpdate ?? {};
  const surge = scaledValue(maxSurge, byNode.size, 'up');
  return surge > 0
    ? surging(view, surge)
    : { delete: replacing(view, Math.max(1, scaledValue(maxUnavailable, byNode.size, 'up'))), surge: [] };
}

const isNew = ({ hash }: RolloutView, { metadata }: Pod): boolean => metadata.labels?.[revisionLabel] === hash;

const works = ({ set, now }: RolloutView, pod: Pod): boolean => isAvailable(pod, set.spec.minReadySeconds ?? 0, now);

/** Old daemons that do not work are no loss; of the others as many as may be missing besides what is missing already. */
function replacing(view: RolloutView, most: number): readonly Pod[] {
  const broken: Pod[] = [];
  const working: Pod[] = [];
  let missing = 0;
  for (const pods of view.byNode.values()) {
    const [pod] = pods;
    if (pods.length !== 1 || !pod) missing++;
    else if (isNew(view, pod)) missing += works(view, pod) ? 0 : 1;
    else if (works(view, pod)) working.push(pod);
    else {
      broken.push(pod);
      missing++;
    }
  }
  return [...broken, ...working.slice(0, Math.max(0, most - missing))];
}

/** The old one goes when the new one beside it works, or at once when it does not work itself. */
function surging(view: RolloutView, most: number): Rollout {
  const toDelete: Pod[] = [];
  const waiting: string[] = [];
  let surplus = 0;
  for (const [node, pods] of view.byNode) {
    const fresh = pods.find((pod) => isNew(view, pod));
    const old = pods.filter((pod) => !isNew(view, pod));
    if (old.length === 0) continue;
    if (fresh && works(view, fresh)) toDelete.push(...old);
    else if (fresh) surplus++;
    else if (old.some((pod) => works(view, pod))) waiting.push(node);
    else toDelete.push(...old);
  }
  return { delete: toDelete, surge: waiting.slice(0, Math.max(0, most - surplus)) };
}

/** What differs between two times of a cluster, and how bad it is. Pure. */
import { type MigrationPlan, type PlannedObject, titleOf } from '../model.ts';
import { type Evidence, type ObjectEvidence, type PodEvidence, sameObject } from './evidence.ts';

export interface Difference {
  /**
   * restart: a Pod or container that ran runs no more. change: the object is another than it was. note: what happens
   * without us too, an autoscaler's doing or a Job's next run.
   */
  readonly is: 'restart' | 'change' | 'note';
  /** `Deployment shop/web` */
  readonly object: string;
  readonly what: string;
}

/** Their Pods come and go by themselves. */
const passing = new Set(['Job', 'CronJob']);

type Found = Omit<Difference, 'object'>;

interface Expected {
  /** How bad it is that a Pod is gone. */
  readonly gone: Difference['is'];
  /** Its Pods run to an end: one that is done is not ready. */
  readonly ends: boolean;
}

function podDifferences(
  before: PodEvidence,
  after: PodEvidence | undefined,
  { gone, ends }: Expected,
): readonly Found[] {
  const { name } = before;
  if (!after) return [{ is: gone, what: `Pod ${name} (uid ${before.uid}) is gone` }];
  const found: Found[] = [];
  if (after.startTime !== before.startTime && before.startTime !== '')
    found.push({ is: 'restart', what: `Pod ${name} started at ${after.startTime}, before at ${before.startTime}` });
  for (const container of before.containers) {
    const now = after.containers.find((each) => each.name === container.name);
    if (!now) continue;
    if (now.restarts > container.restarts)
      found.push({
        is: 'restart',
        what: `container ${container.name} of Pod ${name} restarted ${now.restarts - container.restarts} times`,
      });
    else if (container.id !== '' && now.id !== container.id)
      found.push({ is: 'restart', what: `container ${container.name} of Pod ${name} is another one (${now.id})` });
  }
  if (before.ready && !after.ready)
    found.push({ is: ends ? 'note' : 'change', what: `Pod ${name} is not ready any more` });
  return found;
}

function workloadDifferences(before: ObjectEvidence, after: ObjectEvidence, scaled: boolean): readonly Found[] {
  const now = new Map((after.pods ?? []).map((pod) => [pod.uid, pod]));
  const then = new Set((before.pods ?? []).map((pod) => pod.uid));
  const own = passing.has(before.kind);
  const gone = own || scaled ? 'note' : 'restart';
  const found = (before.pods ?? []).flatMap((pod) => podDifferences(pod, now.get(pod.uid), { gone, ends: own }));
  for (const pod of after.pods ?? [])
    if (!then.has(pod.uid)) found.push({ is: own || scaled ? 'note' : 'change', what: `Pod ${pod.name} is new` });
  const known = new Set(before.revisions);
  for (const revision of after.revisions ?? [])
    if (!known.has(revision))
      found.push({ is: own ? 'note' : 'restart', what: `${revision} is a new revision of its Pods` });
  return found;
}

/** Who is reached by a Service: more is no harm. */
function endpointDifferences(before: readonly string[], after: readonly string[]): readonly Found[] {
  const lost = before.filter((endpoint) => !after.includes(endpoint));
  const added = after.filter((endpoint) => !before.includes(endpoint));
  return [
    ...(lost.length > 0 ? [{ is: 'change' as const, what: `no longer leads to ${lost.join(', ')}` }] : []),
    ...(added.length > 0 ? [{ is: 'note' as const, what: `leads to ${added.join(', ')} too` }] : []),
  ];
}

function objectDifferences(
  before: ObjectEvidence,
  after: ObjectEvidence | undefined,
  planned: PlannedObject,
): readonly Found[] {
  if (!after) return [{ is: 'change', what: 'is gone' }];
  if (after.uid !== before.uid)
    return [{ is: 'change', what: `was made anew (uid ${after.uid}, before ${before.uid})` }];
  const scaled = (planned.kept ?? []).some(({ path }) => path === '.spec.replicas');
  // A controller's own field may move on; what it states besides that is not told apart from it by a hash.
  const moved = after.hash !== before.hash;
  const content: readonly Found[] = moved
    ? [{ is: scaled || planned.verdict.is === 'change' ? 'note' : 'change', what: 'states something else than before' }]
    : [];
  const endpoints = endpointDifferences(before.endpoints ?? [], after.endpoints ?? []);
  return [...content, ...endpoints, ...(before.pods ? workloadDifferences(before, after, scaled) : [])];
}

/** In the plan's order; empty where everything is as it was. */
export function compareEvidence(plan: MigrationPlan, before: Evidence, after: Evidence): readonly Difference[] {
  const keyOf = (each: Pick<ObjectEvidence, 'apiVersion' | 'kind' | 'namespace' | 'name'>) =>
    `${each.apiVersion}/${each.kind}/${each.namespace ?? ''}/${each.name}`;
  const now = new Map(after.objects.map((each) => [keyOf(each), each]));
  const planned = new Map(plan.objects.map((each) => [keyOf(each), each]));
  return before.objects.flatMap((object) => {
    const own = planned.get(keyOf(object));
    if (!own || !sameObject(object, own)) return [];
    return objectDifferences(object, now.get(keyOf(object)), own).map((each) => ({ ...each, object: titleOf(own) }));
  });
}

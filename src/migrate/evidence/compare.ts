/** What differs between two times of a cluster, whose doing it is, and how bad. Pure. */
import { type MigrationPlan, type PlannedObject, titleOf } from '../model.ts';
import { identityOf } from '../reading/identity.ts';
import { changesOf, contentDifferences, type FieldChange, type Reasons, type Severity } from './change.ts';
import type { Evidence, ObjectEvidence } from './evidence.ts';
import { type Cause, podsDifferences, type Times } from './pods.ts';

export interface Difference {
  readonly is: Severity;
  readonly cluster: string;
  /** `Deployment shop/web` */
  readonly object: string;
  readonly what: string;
  /** Of what it states. */
  readonly fields?: readonly FieldChange[];
}

type Found = Omit<Difference, 'object' | 'cluster'>;

export interface Known {
  readonly times?: Times;
  /** What was found out about an object of this cluster, by identity. */
  readonly reasonsOf?: (identity: string) => Reasons | undefined;
}

export const identityOfEvidence = ({
  apiVersion,
  kind,
  namespace,
  name,
}: Pick<ObjectEvidence, 'apiVersion' | 'kind' | 'namespace' | 'name'>): string =>
  identityOf(apiVersion, kind, namespace, name);

/** The object of the plan, as it was and as it is: those that were there before. */
export interface Pair {
  readonly identity: string;
  readonly planned: PlannedObject;
  readonly before: ObjectEvidence;
  readonly after: ObjectEvidence | undefined;
}

export function pairsOf(plan: MigrationPlan, before: Evidence, after: Evidence): readonly Pair[] {
  const now = new Map(after.objects.map((each) => [identityOfEvidence(each), each]));
  const planned = new Map(plan.objects.map((each) => [identityOfEvidence(each), each]));
  return before.objects.flatMap((object) => {
    const identity = identityOfEvidence(object);
    const own = planned.get(identity);
    return own ? [{ identity, planned: own, before: object, after: now.get(identity) }] : [];
  });
}

/** In the plan's order; empty where everything is as it was. */
export function compareEvidence(
  plan: MigrationPlan,
  before: Evidence,
  after: Evidence,
  known: Known = {},
): readonly Difference[] {
  const pairs = pairsOf(plan, before, after);
  const addresses = new Map<string, Cause>();
  // Workloads first: they tell why a Service leads elsewhere.
  const found = pairs.map((pair) => objectDifferences(pair, known, addresses));
  return pairs.flatMap(({ planned, before: was, after: is }, i) => {
    const endpoints = is && is.uid === was.uid ? endpointDifferences(was, is, addresses) : [];
    return [...found[i]!, ...endpoints].map((each) => ({
      ...each,
      cluster: before.cluster,
      object: titleOf(planned),
    }));
  });
}

function objectDifferences(
  { identity, planned, before, after }: Pair,
  { times = {}, reasonsOf }: Known,
  addresses: Map<string, Cause>,
): readonly Found[] {
  if (!after) return [{ is: 'change', what: 'is gone' }];
  if (after.uid !== before.uid)
    return [{ is: 'change', what: `was made anew (uid ${after.uid}, before ${before.uid})` }];
  const reasons = reasonsOf?.(identity);
  const changes = changesOf(before, after, planned, reasons);
  const content = [
    ...contentDifferences(changes),
    ...deletedSince(before, after),
    ...writtenBetween(before, after, planned, reasons),
  ];
  if (!before.pods) return content;
  const pods = podsDifferences(before, after, { planned, changes, reasons, times });
  for (const [address, cause] of pods.addresses) addresses.set(address, cause);
  return [...content, ...pods.found];
}

/** It was there, and goes as soon as its finalizers let it. */
function deletedSince({ deleting: before }: ObjectEvidence, { deleting }: ObjectEvidence): readonly Found[] {
  if (before || !deleting) return [];
  const { since, finalizers } = deleting;
  const held = finalizers.length > 0 ? `; it waits for ${finalizers.join(', ')}` : '';
  return [{ is: 'drift', what: `is being deleted since ${since}${held}` }];
}

/**
 * Deployments count writes of annotations as well: ours mark it when it is taken over, when its template's claim
 * changes and when it is let go.
 */
const marksCounted = (kind: string): number => (kind === 'Deployment' ? 3 : 0);

/** It states the same, and was written in between: somebody changed it, and it was put right. */
function writtenBetween(
  before: ObjectEvidence,
  after: ObjectEvidence,
  { kept }: PlannedObject,
  reasons: Reasons | undefined,
): readonly Found[] {
  const remark: readonly Found[] = reasons?.remark ? [{ is: 'drift', what: reasons.remark }] : [];
  // A deletion that waits counts as a write.
  const deleted = after.deleting && !before.deleting ? 1 : 0;
  const times = after.generation - before.generation - marksCounted(before.kind) - deleted;
  if (after.hash !== before.hash || times <= 0) return remark;
  const what = (kept ?? []).some(({ path }) => path === '.spec.replicas')
    ? 'was scaled meanwhile, and is as it was'
    : `was changed meanwhile and put right${marksCounted(before.kind) > 0 ? ', or taken over more than once' : ''}: its generation rose from ${before.generation} to ${after.generation}, and it states what it did`;
  return [{ is: 'note', what }, ...remark];
}

/** Who is reached by a Service: more is no harm, and less follows its Pods. */
function endpointDifferences(
  { endpoints: before = [] }: ObjectEvidence,
  { endpoints: after = [] }: ObjectEvidence,
  addresses: ReadonlyMap<string, Cause>,
): readonly Found[] {
  const [then, now] = [new Set(before), new Set(after)];
  const lost = Map.groupBy(
    before.filter((endpoint) => !now.has(endpoint)),
    (endpoint) => addresses.get(endpoint.slice(0, endpoint.lastIndexOf(':'))),
  );
  const added = after.filter((endpoint) => !then.has(endpoint));
  return [
    ...[...lost].map(([cause, endpoints]): Found => {
      const why = cause === undefined || cause.why === '' ? '' : `; ${cause.why}`;
      const is = cause === undefined || cause.is === 'restart' ? 'change' : cause.is;
      return { is, what: `no longer leads to ${endpoints.join(', ')}${why}` };
    }),
    ...(added.length > 0 ? [{ is: 'note' as const, what: `leads to ${added.join(', ')} too` }] : []),
  ];
}

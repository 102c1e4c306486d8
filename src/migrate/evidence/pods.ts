/**
 * Pods and containers before and after: what runs no more, and whether the migration can be the cause. What was
 * started after it had ended, and what follows an edit that somebody made, is not its doing. Pure.
 */
import type { PlannedObject } from '../model.ts';
import {
  type FieldChange,
  isOfPodTemplate,
  isOfReplicas,
  type Reasons,
  type Severity,
  severityOf,
  who,
} from './change.ts';
import type { ObjectEvidence, PodEvidence } from './evidence.ts';

export interface PodsFound {
  readonly found: readonly { readonly is: Severity; readonly what: string }[];
  /** By address of a Pod that is gone or not ready: why its endpoints are. */
  readonly addresses: ReadonlyMap<string, Cause>;
}

export interface Cause {
  readonly is: Severity;
  /** In words that follow what happened; '' where nothing is known. */
  readonly why: string;
}

/** RFC 3339. */
export interface Times {
  /** When apply had ended: until then all its Pods were seen to run. */
  readonly endedAt?: string;
  /** When it had been rolled back. */
  readonly backAt?: string;
}

export interface PodsInput {
  readonly planned: PlannedObject;
  readonly changes: readonly FieldChange[];
  readonly reasons: Reasons | undefined;
  readonly times: Times;
}

/** Their Pods come and go by themselves. */
const passing = new Set(['Job', 'CronJob']);

/** Times are told to the second, and clusters' clocks differ by some. */
const slackMs = 2_000;
const isAfter = (time: string, other: string): boolean => Date.parse(time) >= Date.parse(other) - slackMs;

/** What else replaced its Pods: somebody's edit of what they are made from, before the new ones were made. */
function rolloutCause(since: string, { changes, reasons, times: { endedAt } }: PodsInput): Cause | undefined {
  const change = changes.find((each) => isOfPodTemplate(each) && each.by !== 'unknown' && each.by !== 'migration');
  if (change && (change.time === undefined || isAfter(since, change.time))) {
    const is = severityOf[change.by];
    if (change.by === 'plan') return { is, why: 'as the plan said, and --allow-restart allowed' };
    const place =
      change.by === 'template' ? 'its template was edited by' : 'its Pod template was changed in the cluster by';
    return { is, why: `rolled out since: ${place} ${who(change)}` };
  }
  const edit = reasons?.edit;
  if (edit && endedAt !== undefined && isAfter(edit.time, endedAt) && isAfter(since, edit.time))
    return { is: 'note', why: `rolled out since: its template was edited by ${who(edit)}` };
  return undefined;
}

function causeOf(before: ObjectEvidence, after: ObjectEvidence, input: PodsInput): Cause {
  const { planned, changes } = input;
  if (passing.has(before.kind)) return { is: 'note', why: '' };
  const [then, now] = [new Set(before.pods?.map(({ uid }) => uid)), new Set(after.pods?.map(({ uid }) => uid))];
  const gone = (before.pods ?? []).filter(({ uid }) => !now.has(uid));
  const fresh = (after.pods ?? []).filter(({ uid }) => !then.has(uid));
  const [revision] = newRevisions(before, after);
  // One that waits for a node has not begun, and says nothing of when.
  const [first = ''] = fresh.flatMap(({ startTime }) => startTime || []).sort();
  const later = afterwards(first, input);
  if (revision) {
    const blamed = changes.some((each) => isOfPodTemplate(each) && severityOf[each.by] === 'change');
    // An edit that was put right leaves its revision, and nothing else that tells of it.
    const since = blamed ? undefined : afterwards(revision.created, input);
    return rolloutCause(revision.created, input) ?? since ?? { is: 'restart', why: '' };
  }
  const replaced = gone.length > 0 && fresh.length > 0;
  const back = replaced && later ? rolloutCause(first, input) : undefined;
  if (back) return back;
  const scaling = changes.find(isOfReplicas);
  if (scaling && !replaced && scaling.by !== 'unknown' && scaling.by !== 'migration')
    return { is: severityOf[scaling.by], why: `scaled by ${who(scaling)}` };
  const scaler = planned.kept?.find(({ path }) => path === '.spec.replicas');
  if (scaler && (!replaced || later)) return { is: 'note', why: `scaled by ${scaler.managers[0] ?? 'a controller'}` };
  if (later) return later;
  return { is: 'restart', why: '' };
}

const isLater = (time: string, end: string): boolean => time !== '' && Date.parse(time) > Date.parse(end) + slackMs;

/** What began when nothing was being done any more is not the migration's doing; undefined where it may be. */
function afterwards(time: string, { times: { endedAt, backAt } }: PodsInput): Cause | undefined {
  if (backAt !== undefined && isLater(time, backAt))
    return { is: 'drift', why: `since: it had been rolled back at ${backAt}` };
  if (endedAt === undefined || !isLater(time, endedAt)) return undefined;
  return backAt === undefined
    ? { is: 'drift', why: `since: the migration had ended at ${endedAt}` }
    : { is: 'change', why: `between the end of apply at ${endedAt} and its rollback at ${backAt}` };
}

const newRevisions = ({ revisions = [] }: ObjectEvidence, after: ObjectEvidence) => {
  const known = new Set(revisions.map(({ name }) => name));
  return (after.revisions ?? []).filter(({ name }) => !known.has(name));
};

const because = ({ why }: Cause): string => (why === '' ? '' : `; ${why}`);

export function podsDifferences(before: ObjectEvidence, after: ObjectEvidence, input: PodsInput): PodsFound {
  const cause = causeOf(before, after, input);
  const ends = passing.has(before.kind);
  const now = new Map((after.pods ?? []).map((pod) => [pod.uid, pod]));
  const then = new Set((before.pods ?? []).map(({ uid }) => uid));
  const addresses = new Map<string, Cause>();
  const found = (before.pods ?? []).flatMap((pod) => {
    const same = now.get(pod.uid);
    if (same) return podDifferences(pod, same, ends, input);
    addresses.set(pod.ip, cause);
    return [{ is: cause.is, what: `Pod ${pod.name} (uid ${pod.uid}) is gone${because(cause)}` }];
  });
  // That one is new tells nothing more where one that went does.
  const added = cause.is === 'restart' ? 'change' : cause.is;
  for (const pod of after.pods ?? [])
    if (!then.has(pod.uid)) found.push({ is: added, what: `Pod ${pod.name} is new${because(cause)}` });
  for (const { name } of newRevisions(before, after))
    found.push({ is: cause.is, what: `${name} is a new revision of its Pods${because(cause)}` });
  return { found, addresses };
}

function podDifferences(
  before: PodEvidence,
  after: PodEvidence,
  ends: boolean,
  input: PodsInput,
): { readonly is: Severity; readonly what: string }[] {
  const { name } = before;
  const found: { readonly is: Severity; readonly what: string }[] = [];
  if (after.startTime !== before.startTime && before.startTime !== '')
    found.push({ is: 'restart', what: `Pod ${name} started at ${after.startTime}, before at ${before.startTime}` });
  for (const container of before.containers) {
    const now = after.containers.find((each) => each.name === container.name);
    if (!now) continue;
    const restarted = now.restarts > container.restarts;
    if (!restarted && (container.id === '' || now.id === container.id)) continue;
    const later = afterwards(now.started, input);
    const times = now.restarts - container.restarts;
    const what = restarted
      ? `container ${container.name} of Pod ${name} restarted ${times} ${times === 1 ? 'time' : 'times'}`
      : `container ${container.name} of Pod ${name} is another one (${now.id})`;
    // Only of one restart is the time known.
    if (later && times <= 1)
      found.push({ is: 'drift', what: `${what}; at ${now.started}, and the migration had ended` });
    else found.push({ is: 'restart', what });
  }
  // One that has done its work is not ready, and nothing is wrong.
  if (before.ready && !after.ready && !ends) found.push({ is: 'change', what: `Pod ${name} is not ready any more` });
  return found;
}

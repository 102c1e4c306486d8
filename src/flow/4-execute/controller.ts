/** Step 4, the wiring: Works by generation and end, members as they come, and the members' objects for drift. */
import { type Cluster, ClusterKind } from '#apis/cluster/cluster.ts';
import { clusterOfExecutionNamespace } from '#apis/names/objects.ts';
import {
  byMemberObject,
  manifestsOf,
  memberObjectIndex,
  memberObjectKey,
  type Work,
  WorkKind,
} from '#apis/work/work.ts';
import type { ApiClient } from '#client/api-client.ts';
import { cachedResource } from '#client/cached.ts';
import type { Change, InformerFactory } from '#client/informer/informer.ts';
import { memberReaders } from '#client/member-readers.ts';
import { memberTurns } from '#client/member-turns.ts';
import type { Members } from '#client/members.ts';
import type { Interpreter } from '#interpreter/interpreter.ts';
import { isConditionTrue } from '#kube/conditions/conditions.ts';
import { deepEqual } from '#kube/meta/equal.ts';
import { keyOf } from '#kube/meta/key.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import type { EventRecorder } from '#runtime/events.ts';
import type { Controller, Enqueue } from '#runtime/reconciler.ts';
import type { Clock } from '#world/clock/clock.ts';
import { deferralsIn } from './deferrals.ts';
import type { Journal } from './journal.ts';
import { content } from './plan/update.ts';
import { type ExecuteContext, reconcileWork } from './reconcile.ts';
import { revertsOf } from './reverts.ts';
import { idOf, type Memory } from './writer.ts';

export interface ExecuteOptions {
  readonly client: ApiClient;
  readonly informers: InformerFactory;
  readonly members: Members;
  readonly interpreter: Interpreter;
  readonly journal: Journal;
  readonly events: EventRecorder;
  readonly clock: Clock;
}

/** Of one member at a time: twice what a fast one is sent at once, so that its line never runs dry. */
const perMember = 32;
/** So that 32 members that do not answer at all hold up none of the others. */
const workers = 32 * perMember;

const isReady = (cluster: Cluster) => isConditionTrue(cluster.status?.conditions, 'Ready');

function sinceFirstAsked(clock: Clock): () => number {
  let first: number | undefined;
  return () => {
    first ??= clock.now();
    return first;
  };
}

export function executeController(options: ExecuteOptions): Controller {
  const { client, informers, members, clock } = options;
  const works = cachedResource<Work>(client, informers, WorkKind);
  const clusters = informers.informer<Cluster>(ClusterKind);
  let enqueue: Enqueue = () => {};
  const wake = (key: string) => enqueue(key);
  const memory: Memory = { sent: new Map(), refused: new Map(), settled: new Map() };
  const reverts = revertsOf(clock);

  /** A member's object that changed or went away may have drifted from its Work, or be free now. */
  const onObject = (cluster: string, change: Change<KubeObject>) => {
    if (change.type === 'added') return;
    if (change.type === 'updated' && deepEqual(content(change.old), content(change.object))) return;
    for (const work of works.informer.byIndex(byMemberObject, memberObjectKey(cluster, change.object)))
      wake(keyOf(work));
  };
  const context: ExecuteContext = {
    ...options,
    started: sinceFirstAsked(clock),
    works,
    clusters,
    memory,
    reverts,
    wake,
    deferrals: deferralsIn(informers),
    turns: memberTurns(perMember, wake),
    reader: memberReaders((member, source) => source.resource.informer.onChange((change) => onObject(member, change))),
  };
  const forget = (work: Work) => {
    for (const [ordinal, manifest] of manifestsOf(work).entries()) {
      const id = idOf({ work, manifest, ordinal });
      for (const map of Object.values(memory)) map.delete(id);
      reverts.forget(id);
    }
  };
  const enqueueCluster = (cluster: string) => {
    for (const work of works.informer.list()) {
      if (clusterOfExecutionNamespace(work.metadata.namespace!) === cluster) enqueue(keyOf(work), 'low');
    }
  };
  return {
    name: 'execution',
    workers,
    setUp: (add) => {
      enqueue = add;
      works.informer.addIndex(byMemberObject, memberObjectIndex);
      works.informer.onChange((change) => {
        if (change.type === 'deleted') forget(change.object);
        else if (matters(change)) add(keyOf(change.object), change.initial ? 'low' : 'high');
      });
      clusters.onChange((change) => {
        const turned = change.type === 'updated' ? isReady(change.object) !== isReady(change.old) : !change.initial;
        const leaves = change.object.metadata.deletionTimestamp && !change.old?.metadata.deletionTimestamp;
        if (turned || leaves) enqueueCluster(change.object.metadata.name!);
      });
      members.onChange(enqueueCluster);
      options.interpreter.onChange((affects) => {
        memory.settled = new Map(memory.settled);
        for (const work of works.informer.list()) {
          for (const [ordinal, manifest] of manifestsOf(work).entries()) {
            if (!affects(manifest.apiVersion, manifest.kind)) continue;
            memory.settled.delete(idOf({ work, manifest, ordinal }));
            add(keyOf(work), 'low');
          }
        }
      });
    },
    reconcile: (key) => reconcileWork(context, key),
  };
}

const isApplied = (work: Work) => isConditionTrue(work.status?.conditions, 'Applied');

/**
 * A Work's status is our own word, and everything else is to be brought to the member. A word of failure is looked at
 * again all the same: one whose writing was not answered may come after the success that followed it.
 */
function matters(change: Change<Work>): boolean {
  if (change.type !== 'updated') return true;
  const [before, now] = [change.old.metadata, change.object.metadata];
  return (
    (isApplied(change.old) && !isApplied(change.object)) ||
    before.generation !== now.generation ||
    before.deletionTimestamp !== now.deletionTimestamp ||
    !deepEqual(before.annotations, now.annotations)
  );
}

/** Step 4, the wiring: Works by generation and end, members as they come, and the members' objects for drift. */
import { type Cluster, ClusterKind } from '#apis/cluster/cluster.ts';
import { clusterOfExecutionNamespace } from '#apis/names/objects.ts';
import { type Work, WorkKind } from '#apis/work/work.ts';
import type { ApiClient } from '#client/api-client.ts';
import { cachedResource } from '#client/cached.ts';
import type { Change, InformerFactory } from '#client/informer/informer.ts';
import { memberReaders, workKeyOf } from '#client/member-readers.ts';
import type { Members } from '#client/members.ts';
import type { TemplateSource } from '#client/template-reader.ts';
import type { Interpreter } from '#interpreter/interpreter.ts';
import { isConditionTrue } from '#kube/conditions/conditions.ts';
import { keyOf } from '#kube/meta/key.ts';
import type { EventRecorder } from '#runtime/events.ts';
import type { Controller, Enqueue } from '#runtime/reconciler.ts';
import type { Clock } from '#world/clock/clock.ts';
import type { Journal } from './journal.ts';
import { type ExecuteContext, reconcileWork } from './reconcile.ts';
import { revertsOf } from './reverts.ts';
import type { Answers } from './writer.ts';

export interface ExecuteOptions {
  readonly client: ApiClient;
  readonly informers: InformerFactory;
  readonly members: Members;
  readonly interpreter: Interpreter;
  readonly journal: Journal;
  readonly events: EventRecorder;
  readonly clock: Clock;
}

/** Enough that one slow member does not hold up the others; its own client bounds what it gets at a time. */
const workers = 64;

const isReady = (cluster: Cluster) => isConditionTrue(cluster.status?.conditions, 'Ready');

export function executeController(options: ExecuteOptions): Controller {
  const { client, informers, members, clock } = options;
  const works = cachedResource<Work>(client, informers, WorkKind);
  const clusters = informers.informer<Cluster>(ClusterKind);
  let enqueue: Enqueue = () => {};
  const readers = memberReaders((source) => watchObjects(source, (key) => enqueue(key)));
  const answers = new Map<string, ReturnType<Answers['get']> & object>();
  const context: ExecuteContext = {
    ...options,
    works,
    clusters,
    templatesIn: readers,
    answers,
    reverts: revertsOf(clock),
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
      works.informer.onChange((change) => onWork(change, answers, add));
      clusters.onChange((change) => {
        const turned = change.type === 'updated' ? isReady(change.object) !== isReady(change.old) : !change.initial;
        if (turned || change.object.metadata.deletionTimestamp) enqueueCluster(change.object.metadata.name!);
      });
      members.onChange(enqueueCluster);
    },
    reconcile: (key) => reconcileWork(context, key),
  };
}

function onWork(change: Change<Work>, answers: Map<string, unknown>, enqueue: Enqueue): void {
  const { object } = change;
  if (change.type === 'deleted') {
    answers.delete(object.metadata.uid!);
    return;
  }
  const unchanged =
    change.type === 'updated' &&
    change.old.metadata.generation === object.metadata.generation &&
    change.old.metadata.deletionTimestamp === object.metadata.deletionTimestamp &&
    change.old.metadata.annotations === object.metadata.annotations;
  if (!unchanged) enqueue(keyOf(object), change.initial ? 'low' : 'high');
}

/** A member's object that changed or went away may have drifted from its Work. */
function watchObjects(source: TemplateSource, enqueue: (workKey: string) => void): void {
  source.resource.informer.onChange((change) => {
    if (change.initial || change.type === 'added') return;
    const keys = new Set([workKeyOf(change.object), change.type === 'updated' ? workKeyOf(change.old) : undefined]);
    for (const key of keys) if (key) enqueue(key);
  });
}

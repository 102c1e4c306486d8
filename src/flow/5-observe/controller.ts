/** Step 5, the wiring: an applied Work, and every change of an object that says which Work it is of. */

import { clusterOfExecutionNamespace } from '#apis/names/objects.ts';
import { type Binding, bindingKeyOf, bindingKinds } from '#apis/work/binding.ts';
import {
  byMemberObject,
  manifestsOf,
  memberObjectIndex,
  memberObjectKey,
  type Work,
  WorkKind,
} from '#apis/work/work.ts';
import type { ApiClient, TypedResource } from '#client/api-client.ts';
import { cachedResource } from '#client/cached.ts';
import type { InformerFactory } from '#client/informer/informer.ts';
import { memberReaders } from '#client/member-readers.ts';
import type { Members } from '#client/members.ts';
import type { Interpreter } from '#interpreter/interpreter.ts';
import { isConditionTrue } from '#kube/conditions/conditions.ts';
import { keyOf } from '#kube/meta/key.ts';
import type { EventRecorder } from '#runtime/events.ts';
import { gathering } from '#runtime/gather.ts';
import { patience, patienceWhileBusy } from '#runtime/patience.ts';
import type { Controller, Enqueue } from '#runtime/reconciler.ts';
import type { Clock } from '#world/clock/clock.ts';
import { reconcileWorkStatus } from './reconcile.ts';

export interface ObserveOptions {
  readonly client: ApiClient;
  readonly informers: InformerFactory;
  readonly members: Members;
  readonly interpreter: Interpreter;
  readonly events: EventRecorder;
  readonly clock: Clock;
}

/** Statuses come in bursts: about what a member takes from a Pod's start to its workload's status. */
const statusMs = 2;

/**
 * As a rule the member's controller has answered a change of its object within this time; then one write does for both.
 * One that stays silent does not keep what is known to itself.
 */
const patienceMs = 1_000;

/** It waits for no member: only for our own API server, and that is bounded by what it gets at a time. */
const workers = 32;

const isApplied = (work: Work) => isConditionTrue(work.status?.conditions, 'Applied');

export function observeController(options: ObserveOptions): Controller {
  const works = cachedResource<Work>(options.client, options.informers, WorkKind);
  let enqueue: Enqueue = () => {};
  let later: Enqueue = enqueue;
  const reader = memberReaders((cluster, source) =>
    source.resource.informer.onChange((change) => {
      if (change.initial || change.type === 'deleted') return;
      const key = memberObjectKey(cluster, change.object);
      for (const work of works.informer.byIndex(byMemberObject, key)) later(keyOf(work));
    }),
  );
  const behind = patience(options.clock, patienceMs);
  const underWay = patienceWhileBusy(options.clock, patienceMs);
  const bindings = bindingKinds.map((kind) => options.informers.informer<Binding>(kind as TypedResource<Binding>));
  const bindingOf = (work: Work) => {
    const key = bindingKeyOf(work);
    return key === undefined ? undefined : bindings.find((informer) => informer.get(key))?.get(key);
  };
  const context = { ...options, works, reader, behind, underWay, bindingOf, wake: (key: string) => enqueue(key) };
  return {
    name: 'workStatus',
    workers,
    setUp: (add) => {
      enqueue = add;
      later = gathering(options.clock, add, statusMs);
      works.informer.addIndex(byMemberObject, memberObjectIndex);
      works.informer.onChange((change) => {
        if (change.type === 'deleted') {
          behind.forget(keyOf(change.object));
          underWay.forget(keyOf(change.object));
        }
        if (change.type === 'deleted' || !isApplied(change.object)) return;
        const newlyApplied = change.type === 'added' || !isApplied(change.old);
        const changed =
          change.type === 'updated' && change.old.metadata.generation !== change.object.metadata.generation;
        if (newlyApplied || changed) add(keyOf(change.object), change.initial ? 'low' : 'high');
      });
      options.interpreter.onChange((affects) => {
        for (const work of works.informer.list()) {
          if (manifestsOf(work).some(({ apiVersion, kind }) => affects(apiVersion, kind))) add(keyOf(work), 'low');
        }
      });
      options.members.onChange((cluster) => {
        for (const work of works.informer.list()) {
          if (clusterOfExecutionNamespace(work.metadata.namespace!) === cluster) add(keyOf(work), 'low');
        }
      });
    },
    reconcile: (key) => reconcileWorkStatus(context, key),
  };
}

/**
 * The dependencies distributor: what a template needs goes where the template goes. One queue of two sorts of keys, so
 * that no two of those who need an object write its binding at once.
 */
import { propagateClosure } from '#apis/names/annotations.ts';
import { type Binding, bindingIdIndex, bindingKeyOf, bindingKindFor, byBindingId } from '#apis/work/binding.ts';
import { type Work, WorkKind } from '#apis/work/work.ts';
import type { TypedResource } from '#client/api-client.ts';
import { type CachedResource, cachedResource } from '#client/cached.ts';
import type { Change, InformerFactory } from '#client/informer/informer.ts';
import type { TemplateSource } from '#client/template-reader.ts';
import { deepEqual } from '#kube/meta/equal.ts';
import { keyOf } from '#kube/meta/key.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import type { Controller, Enqueue, Priority } from '#runtime/reconciler.ts';
import { type AttachedContext, reconcileAttached } from './attached.ts';
import { closureCaches } from './closure-caches.ts';
import { type DependenciesContext, mayNeed } from './context.ts';
import {
  byClosure,
  byNeed,
  byReferrer,
  closureIndex,
  everywhere,
  needIndex,
  parseTargetKey,
  referenceTarget,
  referrerIndex,
  type Target,
  targetKey,
  targetOf,
} from './plan/needed.ts';
import { isHeld } from './plan/record.ts';
import { reconcileReferrer } from './referrer.ts';
import { isNews, watchedKinds } from './watched.ts';

export interface DependenciesOptions
  extends Pick<
    DependenciesContext,
    'client' | 'templates' | 'interpreter' | 'events' | 'random' | 'skippedNamespaces'
  > {
  readonly informers: InformerFactory;
}

const workers = 8;

const referrerPrefix = 'referrer:';
const objectPrefix = 'object:';

export function dependenciesController(options: DependenciesOptions): Controller {
  const { client, informers } = options;
  const storeOf = (namespace: string | undefined) =>
    cachedResource<Binding>(client, informers, bindingKindFor(namespace) as TypedResource<Binding>);
  const [namespaced, clusterWide] = [storeOf('any'), storeOf(undefined)];
  const bindings = (namespace: string | undefined): CachedResource<Binding> => (namespace ? namespaced : clusterWide);
  let enqueue: Enqueue = () => {};
  const watched = watchedKinds(options.templates, (source, change) => onObject(context, source, change, enqueue));
  const closures = closureCaches(() => watched);
  const works = informers.informer<Work>(WorkKind);
  const context: AttachedContext = {
    ...options,
    bindings,
    works,
    watched,
    closures,
    wakeObject: (target) => enqueue(objectPrefix + targetKey(target)),
    told: new Map(),
    stamping: new Set(),
  };
  return {
    name: 'dependencies-distributor',
    workers,
    setUp: (given) => {
      enqueue = given;
      works.addIndex(byBindingId, bindingIdIndex);
      for (const { informer } of [namespaced, clusterWide]) {
        informer.addIndex(byReferrer, referrerIndex);
        informer.onChange((change) => onBinding(context, change, enqueue));
      }
      namespaced.informer.addIndex(byNeed, needIndex);
      namespaced.informer.addIndex(byClosure, closureIndex);
      works.onChange(({ object }) => onWork(context, object));
      options.interpreter.onChange((affects) => {
        for (const binding of namespaced.informer.list()) {
          const { apiVersion, kind } = binding.spec.resource;
          if (wantsDependencies(binding) && affects(apiVersion, kind)) enqueue(referrerPrefix + keyOf(binding), 'low');
        }
      });
    },
    reconcile: (key) =>
      key.startsWith(referrerPrefix)
        ? reconcileReferrer(context, key.slice(referrerPrefix.length))
        : reconcileAttached(context, parseTargetKey(key.slice(objectPrefix.length))),
  };
}

const wantsDependencies = ({ spec }: Binding) => spec.propagateDeps === true;

/** What of a referrer decides about its dependencies: its spec, its end, and whether it asks for a closure. */
function matters(change: Change<Binding>): boolean {
  const { object } = change;
  if (!wantsDependencies(object) && !isHeld(object)) return false;
  if (change.type !== 'updated') return true;
  const [before, now] = [change.old.metadata, object.metadata];
  return (
    before.generation !== now.generation ||
    before.deletionTimestamp !== now.deletionTimestamp ||
    before.annotations?.[propagateClosure] !== now.annotations?.[propagateClosure]
  );
}

function onBinding(context: DependenciesContext, change: Change<Binding>, enqueue: Enqueue): void {
  const { object } = change;
  const priority: Priority = change.initial ? 'low' : 'high';
  if (object.kind === 'ResourceBinding' && matters(change)) enqueue(referrerPrefix + keyOf(object), priority);
  // Whoever let go of it last may be waiting for that.
  const now = new Set(change.type === 'deleted' ? [] : referrerIndex(object));
  const before = referrerIndex(change.old ?? object);
  for (const key of before) if (!now.has(key)) enqueue(referrerPrefix + key, priority);
  const target = referenceTarget(object.spec.resource);
  if (isOfConcern(context, change, target)) enqueue(objectPrefix + targetKey(target), priority);
}

/** Is the binding attached, or in the place of one that has to be, and is there news of it? */
function isOfConcern(context: DependenciesContext, change: Change<Binding>, target: Target): boolean {
  const { object, old } = change;
  if (change.type === 'deleted') return mayNeed(context, target).length > 0;
  if (referrerIndex(object).length === 0 && (!old || referrerIndex(old).length === 0)) return false;
  const { generation, labels } = object.metadata;
  return !old || old.metadata.generation !== generation || !deepEqual(old.metadata.labels, labels);
}

/** An object that somebody needs, or may come to need; statuses are nobody's need. */
function onObject(
  context: DependenciesContext,
  source: TemplateSource,
  change: Change<KubeObject>,
  enqueue: Enqueue,
): void {
  const { object } = change;
  const target = targetOf(object);
  const needed = mayNeed(context, target).length > 0;
  const namespaces = context.closures.concerned(source, change);
  const concerned = namespaces === 'everywhere' ? [everywhere] : namespaces;
  const closures = concerned.flatMap((namespace) => context.bindings('any').informer.byIndex(byClosure, namespace));
  if ((!needed && closures.length === 0) || !isNews(change)) return;
  const priority: Priority = change.initial ? 'low' : 'high';
  if (needed) enqueue(objectPrefix + targetKey(target), priority);
  for (const referrer of closures) enqueue(referrerPrefix + keyOf(referrer), priority);
}

function onWork(context: AttachedContext, work: Work): void {
  const key = bindingKeyOf(work);
  if (context.stamping.size === 0 || key === undefined) return;
  const binding = context.bindings('any').get(key) ?? context.bindings(undefined).get(key);
  if (binding) context.wakeObject(referenceTarget(binding.spec.resource));
}

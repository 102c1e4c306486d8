/** Step 1, the wiring: every object that could be a template, and every policy that could concern one. */

import { CustomResourceDefinitions } from '#apis/kubernetes/types.ts';
import { type Binding, bindingKindFor } from '#apis/work/binding.ts';
import type { ApiClient, TypedResource } from '#client/api-client.ts';
import { type CachedResource, cachedResource } from '#client/cached.ts';
import type { Change, InformerFactory } from '#client/informer/informer.ts';
import type { RestMapper } from '#client/mapper/mapper.ts';
import type { TemplateReader, TemplateSource } from '#client/template-reader.ts';
import type { Interpreter } from '#interpreter/interpreter.ts';
import { keyOf } from '#kube/meta/key.ts';
import { parseApiVersion } from '#kube/meta/kind.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import type { EventRecorder } from '#runtime/events.ts';
import { type Controller, done, type Enqueue } from '#runtime/reconciler.ts';
import type { Random } from '#world/random/random.ts';
import { changeOf } from './plan/changes.ts';
import { claimOf, policyIdOf } from './plan/claim.ts';
import { type Policy, policyRank } from './plan/match.ts';
import type { SkippedApi } from './plan/propagated.ts';
import { policiesOf } from './policies.ts';
import { policyControllers } from './policy-end.ts';
import { type DetectContext, reconcileTemplate } from './reconcile.ts';
import { resourceId, type WatchedResources, watchedResources } from './watched.ts';

export interface DetectorOptions {
  readonly client: ApiClient;
  readonly informers: InformerFactory;
  readonly mapper: RestMapper;
  readonly templates: TemplateReader;
  readonly interpreter: Interpreter;
  readonly events: EventRecorder;
  readonly random: Random;
  readonly preemption: boolean;
  readonly skippedNamespaces: readonly RegExp[];
  readonly skippedApis: readonly SkippedApi[];
  readonly onDiscoveryError: (error: unknown) => void;
}

const workers = 16;
const separator = '|';

export function detectorControllers(options: DetectorOptions): readonly Controller[] {
  const { client, informers } = options;
  const policies = policiesOf(client, informers);
  const watched = watchedResources({ ...options, onError: options.onDiscoveryError });
  const touched = new Set<string>();
  const stores = new Map<boolean, CachedResource<Binding>>();
  for (const namespace of ['any', undefined]) {
    const kind = bindingKindFor(namespace) as TypedResource<Binding>;
    stores.set(namespace !== undefined, cachedResource<Binding>(client, informers, kind));
  }
  informers.informer(CustomResourceDefinitions);
  const context: DetectContext = {
    ...options,
    policies,
    touched,
    bindings: (namespace) => stores.get(namespace !== undefined)!,
  };
  const detector: Controller = {
    name: 'detector',
    workers,
    setUp: (enqueue) => {
      watched.start((source, change) => onTemplate(source, change, touched, enqueue));
      const onPolicy = (change: Change<Policy>) => enqueueConcerned(watched, change, enqueue);
      policies.namespaced.informer.onChange(onPolicy);
      policies.clusterWide.informer.onChange(onPolicy);
    },
    reconcile: async (key) => {
      const [id, object] = splitKey(key);
      const source = watched.source(id);
      return source ? reconcileTemplate(context, source, object) : done;
    },
  };
  return [detector, ...policyControllers({ client, informers, policies, watched: watched.sources })];
}

function splitKey(key: string): readonly [string, string] {
  const at = key.indexOf(separator);
  return [key.slice(0, at), key.slice(at + 1)];
}

const keyIn = (source: TemplateSource, object: KubeObject) => `${resourceId(source.ref)}${separator}${keyOf(object)}`;

function onTemplate(source: TemplateSource, change: Change<KubeObject>, touched: Set<string>, enqueue: Enqueue): void {
  const { object } = change;
  if (change.type === 'deleted') {
    touched.delete(object.metadata.uid!);
    return;
  }
  const kind = change.type === 'added' ? (change.initial ? 'ours' : 'user') : changeOf(change.old, object);
  if (kind === 'none') return;
  if (kind === 'user') touched.add(object.metadata.uid!);
  enqueue(keyIn(source, object), change.initial ? 'low' : 'high');
}

/** Templates that a changed policy could win, keep or lose: those of its selectors' kinds that match it, or that it holds. */
function enqueueConcerned(watched: WatchedResources, change: Change<Policy>, enqueue: Enqueue): void {
  const policy = change.object;
  // The first list of policies changes nothing by itself: the templates' own first list is on its way.
  if (change.initial || (change.type === 'updated' && change.old.metadata.generation === policy.metadata.generation))
    return;
  const before = change.type === 'updated' ? change.old : undefined;
  const concerns = (template: KubeObject) =>
    claimOf(template)?.id === policyIdOf(policy) ||
    policyRank(policy, template) > 0 ||
    (before !== undefined && policyRank(before, template) > 0);
  const selectors = [...policy.spec.resourceSelectors, ...(before?.spec.resourceSelectors ?? [])];
  for (const source of watched.sources()) {
    const { group, kind } = source.ref;
    const selected = selectors.some((each) => each.kind === kind && parseApiVersion(each.apiVersion).group === group);
    if (!selected) continue;
    for (const template of source.resource.informer.list(policy.metadata.namespace)) {
      if (concerns(template)) enqueue(keyIn(source, template), 'low');
    }
  }
}

/** The override policies as rendering needs them: found by the kinds they are for, and what their changes wake. */
import { sameTarget } from '#apis/cluster/affinity.ts';
import { type Cluster, ClusterKind } from '#apis/cluster/cluster.ts';
import { ClusterOverridePolicyKind } from '#apis/policy/cluster-override-policy.ts';
import type { Selectable } from '#apis/policy/matching.ts';
import { OverridePolicyKind } from '#apis/policy/override-policy.ts';
import {
  type AnyOverridePolicy,
  isFor,
  overrideRank,
  type PolicyRule,
  rulesFor,
  rulesOf,
} from '#apis/policy/overrides/select.ts';
import type { Binding } from '#apis/work/binding.ts';
import type { Change, Informer, InformerFactory } from '#client/informer/informer.ts';
import type { TemplateReader } from '#client/template-reader.ts';
import { keyOf } from '#kube/meta/key.ts';
import type { Enqueue } from '#runtime/reconciler.ts';
import type { Clock } from '#world/clock/clock.ts';
import { breathe } from '#world/clock/turns.ts';
import { targetsOf } from './plan/targets.ts';

/** Index of override policies by the kinds they select in a namespace. */
const bySelected = 'selected-kind';
const selectedKey = (namespace: string | undefined, apiVersion: string, kind: string) =>
  `${namespace ?? ''}|${apiVersion}|${kind}`;
/** Of a policy without selectors. */
const anyKind = (namespace: string | undefined) => selectedKey(namespace, '*', '*');

function selectedKinds({ metadata: { namespace }, spec }: AnyOverridePolicy): readonly string[] {
  const selectors = spec.resourceSelectors ?? [];
  if (selectors.length === 0) return [anyKind(namespace)];
  return [...new Set(selectors.map(({ apiVersion, kind }) => selectedKey(namespace, apiVersion, kind)))];
}

/** Index of bindings by the kind of their template: no more than that, for every change of a binding pays for it. */
const byKind = 'kind-of-template';
const kindOfTemplate = ({ spec: { resource } }: Binding): readonly string[] => [resource.kind];

export interface OverrideStore {
  readonly policies: readonly Informer<AnyOverridePolicy>[];
  readonly clusters: Informer<Cluster>;
  /** The rules for a template in any cluster, in the order in which they apply. */
  readonly rulesFor: (template: Selectable) => readonly PolicyRule[];
}

const noRules: readonly PolicyRule[] = [];

export function overrideStore(informers: InformerFactory): OverrideStore {
  const ofClusters = informers.informer<AnyOverridePolicy>(ClusterOverridePolicyKind);
  const ofNamespaces = informers.informer<AnyOverridePolicy>(OverridePolicyKind);
  const policies = [ofClusters, ofNamespaces];
  for (const informer of policies) informer.addIndex(bySelected, selectedKinds);
  const found = (informer: Informer<AnyOverridePolicy>, namespace: string | undefined, template: Selectable) => [
    ...informer.byIndex(bySelected, anyKind(namespace)),
    ...informer.byIndex(bySelected, selectedKey(namespace, template.apiVersion, template.kind)),
  ];
  return {
    policies,
    clusters: informers.informer<Cluster>(ClusterKind),
    rulesFor: (template) => {
      if (policies.every((informer) => informer.list().length === 0)) return noRules;
      const { namespace } = template.metadata;
      const candidates = found(ofClusters, undefined, template);
      if (namespace) candidates.push(...found(ofNamespaces, namespace, template));
      return rulesFor(candidates, template);
    },
  };
}

export interface WakeOptions {
  readonly store: OverrideStore;
  readonly bindings: Informer<Binding>;
  readonly templates: TemplateReader;
  readonly clock: Clock;
  readonly enqueue: Enqueue;
}

/**
 * Bindings are rendered anew when a policy that concerns their template, before or after, is made, changed or deleted,
 * and when a cluster of theirs comes under other rules: the reference leaves the latter to the next touch.
 */
export function wakeOverridden(options: WakeOptions): void {
  const { store, bindings } = options;
  bindings.addIndex(byKind, kindOfTemplate);
  for (const informer of store.policies) {
    informer.onChange((change) => {
      const versions = changed(change);
      if (versions.length > 0) void wake(options, versions, () => true);
    });
  }
  store.clusters.onChange((change) => {
    if (change.type !== 'updated' || sameTarget(change.old, change.object)) return;
    const { old, object } = change;
    const moved = store.policies.flatMap((informer) => informer.list()).filter((each) => differs(each, old, object));
    const { name } = object.metadata;
    if (moved.length > 0) {
      void wake(options, moved, ({ spec }) => targetsOf(spec).some((target) => target.name === name));
    }
  });
}

/** The versions of a policy whose templates look different now; at the start everything is rendered anyway. */
function changed(change: Change<AnyOverridePolicy>): readonly AnyOverridePolicy[] {
  if (change.type !== 'updated') return change.initial ? [] : [change.object];
  const same = change.old.metadata.generation === change.object.metadata.generation;
  return same ? [] : [change.old, change.object];
}

const differs = ({ spec }: AnyOverridePolicy, before: Cluster, after: Cluster): boolean =>
  rulesOf(spec).some((rule) => isFor(rule, before) !== isFor(rule, after));

/** The bindings among which a policy's are: those of its namespace, or of the kinds it selects. */
function candidates(bindings: Informer<Binding>, { metadata, spec }: AnyOverridePolicy): readonly Binding[] {
  if (metadata.namespace) return bindings.list(metadata.namespace);
  const kinds = new Set((spec.resourceSelectors ?? []).map(({ kind }) => kind));
  return kinds.size === 0 ? bindings.list() : [...kinds].flatMap((kind) => bindings.byIndex(byKind, kind));
}

/** One pass over these; a template is looked at only where its labels decide. */
async function wake(
  { bindings, templates, clock, enqueue }: WakeOptions,
  policies: readonly AnyOverridePolicy[],
  concerns: (binding: Binding) => boolean,
): Promise<void> {
  const seen = new Set<Binding>();
  for (const policy of policies) {
    const byLabel = (policy.spec.resourceSelectors ?? []).filter(({ name, labelSelector }) => !name && labelSelector);
    for (const binding of candidates(bindings, policy)) {
      await breathe(clock);
      const { kind, apiVersion } = binding.spec.resource;
      if (seen.has(binding) || !concerns(binding)) continue;
      const labelled = byLabel.some((selector) => selector.kind === kind && selector.apiVersion === apiVersion);
      const template = labelled ? await templateOf(templates, binding) : unlabelled(binding);
      if (template && overrideRank(policy, template) === 0) continue;
      seen.add(binding);
      enqueue(keyOf(binding), 'low');
    }
  }
}

const unlabelled = ({ spec: { resource } }: Binding): Selectable => ({
  apiVersion: resource.apiVersion,
  kind: resource.kind,
  metadata: { ...(resource.namespace ? { namespace: resource.namespace } : {}), name: resource.name },
});

/** From the cache; undefined where it is not known, and then its binding is looked at to be sure. */
async function templateOf(templates: TemplateReader, { spec }: Binding): Promise<Selectable | undefined> {
  try {
    return (await templates.find(spec.resource))?.get(spec.resource);
  } catch {
    return undefined;
  }
}

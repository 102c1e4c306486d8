/**
 * Bootstrap roles and bindings of an earlier version, brought up to date as kube-apiserver does at each start: what is
 * missing is added, what somebody added stays, and an object that says so is left alone.
 */
import { deepEqual } from '#kube/meta/equal.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import { compactRules, uncovered } from './covers.ts';
import type { Binding, Role } from './objects.ts';

/** On an object: `"false"` keeps it as it is; bootstrap objects say `"true"`. */
const autoUpdate = 'rbac.authorization.kubernetes.io/autoupdate';

type Metadata = KubeObject['metadata'];

const merged = (old: Metadata['labels'], wanted: Metadata['labels']) => (wanted ? { ...old, ...wanted } : old);

/** The labels and annotations it was born with, beside those it has got. */
function withMarks<T extends KubeObject>(old: T, wanted: Pick<T, 'metadata'>): T {
  const labels = merged(old.metadata.labels, wanted.metadata.labels);
  const annotations = merged(old.metadata.annotations, wanted.metadata.annotations);
  if (deepEqual(labels, old.metadata.labels) && deepEqual(annotations, old.metadata.annotations)) return old;
  return { ...old, metadata: { ...old.metadata, ...(labels && { labels }), ...(annotations && { annotations }) } };
}

/** An aggregated role's rules are put together from others: only what it takes them from is looked at. */
function withRules(old: Role, wanted: Role): Role {
  const selectors = wanted.aggregationRule?.clusterRoleSelectors;
  if (selectors) {
    const has = old.aggregationRule?.clusterRoleSelectors ?? [];
    const missing = selectors.filter((selector) => !has.some((each) => deepEqual(each, selector)));
    return missing.length === 0 ? old : { ...old, aggregationRule: { clusterRoleSelectors: [...has, ...missing] } };
  }
  const [has, wants] = [old.rules ?? [], wanted.rules ?? []];
  // Taking rules apart costs more than comparing them, and as a rule they are the same.
  if (deepEqual(has, wants)) return old;
  const missing = uncovered(has, wants);
  return missing.length === 0 ? old : { ...old, rules: [...has, ...compactRules(missing)] };
}

function withSubjects(old: Binding, wanted: Binding): Binding {
  const has = old.subjects ?? [];
  const missing = (wanted.subjects ?? []).filter((subject) => !has.some((each) => deepEqual(each, subject)));
  return missing.length === 0 ? old : { ...old, subjects: [...has, ...missing] };
}

/** The stored object as it should be; the same reference when it is so. One that grants another role is made anew. */
export function reconciled(old: KubeObject, wanted: Pick<KubeObject, 'metadata'>): KubeObject {
  if (old.metadata.annotations?.[autoUpdate] === 'false') return old;
  const marked = withMarks(old, wanted);
  if (!('roleRef' in old)) return withRules(marked as Role, wanted as Role);
  const { roleRef, subjects } = wanted as Binding;
  if (!deepEqual((old as Binding).roleRef, roleRef)) return { ...marked, roleRef, subjects } as Binding;
  return withSubjects(marked as Binding, wanted as Binding);
}

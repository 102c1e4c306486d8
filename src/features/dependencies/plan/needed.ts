/** From an object to the bindings that need it, and back: the keys they meet by. */
import type { Binding } from '#apis/work/binding.ts';
import type { BindingSpec } from '#apis/work/binding-spec.ts';
import { groupKind } from '#interpreter/closure/kinds.ts';
import { wantsClosure } from '#interpreter/closure/record.ts';
import type { Dependency } from '#interpreter/interpreter.ts';
import { keyFor } from '#kube/meta/key.ts';
import { parseApiVersion } from '#kube/meta/kind.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import { labelSelectorMatcher } from '#kube/selector/labels.ts';
import { isReferrer, needsOf } from './record.ts';

/** An object whatever the version it is read in. */
export interface Target {
  readonly group: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
}

export function targetOf({ apiVersion, kind, metadata }: KubeObject): Target {
  return referenceTarget({ apiVersion, kind, namespace: metadata.namespace, name: metadata.name! });
}

type Reference = Pick<BindingSpec['resource'], 'apiVersion' | 'kind' | 'namespace' | 'name'>;

export function referenceTarget({ apiVersion, kind, namespace, name }: Reference): Target {
  const { group } = parseApiVersion(apiVersion);
  return { group, kind, ...(namespace ? { namespace } : {}), name };
}

const separator = '|';

/** `apps/Deployment|default/web`. */
export const targetKey = (target: Target): string =>
  `${groupKind(target)}${separator}${keyFor(target.namespace, target.name)}`;

export function parseTargetKey(key: string): Target {
  const at = key.indexOf(separator);
  const [group = '', kind = ''] = key.slice(0, at).split('/');
  const place = key.slice(at + 1);
  const slash = place.indexOf('/');
  return slash < 0
    ? { group, kind, name: place }
    : { group, kind, namespace: place.slice(0, slash), name: place.slice(slash + 1) };
}

/** No object has this name: it stands for those that a selector chooses. */
const any = '*';

const needKey = ({ apiVersion, kind, namespace, name }: Dependency): string =>
  targetKey(referenceTarget({ apiVersion, kind, namespace, name: name || any }));

/** Index of bindings by what they need. */
export const byNeed = 'need';
export const needIndex = (binding: Binding): readonly string[] => [...new Set(needsOf(binding).map(needKey))];

/** Where to look in that index for whoever may need the object. */
export const needKeysFor = (target: Target): readonly string[] => [
  targetKey(target),
  targetKey({ ...target, name: any }),
];

/** The versions in which the binding asks for the object, or for such as a selector may choose. */
export function versionsFor(binding: Binding, target: Target): readonly string[] {
  const keys = needKeysFor(target);
  return needsOf(binding)
    .filter((need) => keys.includes(needKey(need)))
    .map(({ apiVersion }) => apiVersion);
}

/** The need of the binding that this object meets; `labels` are undefined for one that is not there. */
export function needFor(binding: Binding, target: Target, labels: KubeObject['metadata']['labels'] | undefined) {
  const [byName, bySelector] = needKeysFor(target);
  return needsOf(binding).find((need) => {
    const key = needKey(need);
    if (key === byName) return true;
    return key === bySelector && labels !== undefined && labelSelectorMatcher(need.labelSelector).matches(labels);
  });
}

/** Index of attached bindings by the bindings they are attached to: `namespace/name`. */
export const byReferrer = 'referrer';
export const referrerIndex = ({ spec }: Binding): readonly string[] =>
  (spec.requiredBy ?? []).map(({ namespace, name }) => keyFor(namespace, name));

/** Index of the bindings whose policy asks for closures, by namespace; `everywhere` for all of them. */
export const byClosure = 'closure';
export const everywhere = '*';
export const closureIndex = (binding: Binding): readonly string[] =>
  isReferrer(binding) && wantsClosure(binding) ? [binding.metadata.namespace!, everywhere] : [];

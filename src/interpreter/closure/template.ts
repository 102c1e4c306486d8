/** What belongs to a template itself: what it needs, what chooses its Pods, what scales it, what defines it. */
import { type GroupVersionKind, gvkOf, parseApiVersion } from '#kube/meta/kind.ts';
import type { UnstructuredObject } from '#kube/meta/object.ts';
import { type LabelMatcher, type LabelSelector, labelSelectorMatcher } from '#kube/selector/labels.ts';
import type { Dependency } from '../interpreter.ts';
import type { ClosureView } from './closure.ts';
import { closureKinds as kinds } from './kinds.ts';
import { chosen, described, type Fields, fieldsOf, found, type Neighbour, textOf } from './objects.ts';
import { type Pods, podsOf } from './pods.ts';
import { grantedTo } from './rbac.ts';
import { labelWords } from './words.ts';

export function ofTemplate(
  template: UnstructuredObject,
  dependencies: readonly Dependency[],
  view: ClosureView,
): readonly Neighbour[] {
  const { group, kind } = gvkOf(template);
  return [
    ...needed(template, dependencies, view),
    ...found(view.definitionOf(group, kind), `defines the kind of ${described(template)}`),
    ...ofNamespace(template, view),
  ];
}

const needWords: Readonly<Record<string, string>> = {
  ServiceAccount: 'is the account of',
  PersistentVolumeClaim: 'is mounted by',
};

function needed(template: UnstructuredObject, dependencies: readonly Dependency[], view: ClosureView) {
  const pods = podsOf(template) ? `Pods of ${described(template)}` : described(template);
  return dependencies.flatMap(({ apiVersion, kind, namespace, name, labelSelector }) => {
    const gvk = { ...parseApiVersion(apiVersion), kind };
    const because = `${needWords[kind] ?? 'is used by'} ${pods}`;
    if (name) return found(view.get(gvk, namespace, name), because);
    if (!namespace || !labelSelector) return [];
    const matcher = labelSelectorMatcher(labelSelector);
    return chosen(view.list(gvk, namespace), (each) => (matcher.matches(each.metadata.labels) ? because : undefined));
  });
}

function ofNamespace(template: UnstructuredObject, view: ClosureView): readonly Neighbour[] {
  const { namespace } = template.metadata;
  if (!namespace) return [];
  const { group, kind } = gvkOf(template);
  const scales = chosen(view.list(kinds.autoscaler, namespace, [template.metadata.name!]), ({ spec }) => {
    const target = fieldsOf(fieldsOf(spec).scaleTargetRef);
    const sameKind = parseApiVersion(textOf(target.apiVersion)).group === group && target.kind === kind;
    return sameKind && target.name === template.metadata.name ? `scales ${described(template)}` : undefined;
  });
  const pods = podsOf(template);
  return pods ? [...scales, ...ofPods(template, namespace, pods, view)] : scales;
}

const everyPod: LabelSelector = {};

function ofPods(
  template: UnstructuredObject,
  namespace: string,
  { labels, account }: Pods,
  view: ClosureView,
): readonly Neighbour[] {
  const because = `selects Pods of ${described(template)}`;
  const words = labelWords(labels);
  const selecting = (kind: GroupVersionKind, choose: (spec: Fields) => boolean) =>
    chosen(view.list(kind, namespace, words), ({ spec }) => (choose(fieldsOf(spec)) ? because : undefined));
  const { serviceName } = fieldsOf(template.spec);
  return [
    ...selecting(kinds.service, ({ selector }) => selectsAsService(selector, labels)),
    ...(template.kind === 'StatefulSet' && typeof serviceName === 'string'
      ? found(view.get(kinds.service, namespace, serviceName), `gives Pods of ${described(template)} their names`)
      : []),
    ...selecting(kinds.disruptionBudget, ({ selector }) => selects(selector, labels)),
    ...selecting(kinds.networkPolicy, ({ podSelector = everyPod }) => selects(podSelector, labels)),
    // The default account is each cluster's own, but not what it is allowed to do.
    ...(account === 'default' ? grantedTo(namespace, account, view) : []),
  ];
}

/** A Service without a selector chooses no Pods; one of any other kind with an empty selector chooses all. */
function selectsAsService(selector: unknown, labels: Pods['labels']): boolean {
  const wanted = Object.entries(fieldsOf(selector));
  return wanted.length > 0 && wanted.every(([key, value]) => labels[key] === value);
}

/** The same selectors are asked by every workload of their namespace. Undefined: it chooses nothing. */
const matchers = new WeakMap<object, LabelMatcher | undefined>();

/** A selector that no API server would take chooses nothing. */
function matcherOf(selector: object): LabelMatcher | undefined {
  if (matchers.has(selector)) return matchers.get(selector);
  let matcher: LabelMatcher | undefined;
  try {
    matcher = labelSelectorMatcher(selector as LabelSelector);
  } catch {
    // It stays undefined.
  }
  matchers.set(selector, matcher);
  return matcher;
}

const selects = (selector: unknown, labels: Pods['labels']): boolean =>
  typeof selector === 'object' && selector !== null && (matcherOf(selector)?.matches(labels) ?? false);

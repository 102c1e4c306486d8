/** What belongs to a template itself: what it needs, what chooses its Pods, what scales it, what defines it. */
import { gvkOf, parseApiVersion } from '#kube/meta/kind.ts';
import type { UnstructuredObject } from '#kube/meta/object.ts';
import { type LabelSelector, labelSelectorMatcher } from '#kube/selector/labels.ts';
import type { Dependency } from '../interpreter.ts';
import type { ClosureView } from './closure.ts';
import { closureKinds as kinds } from './kinds.ts';
import { chosen, described, fieldsOf, found, type Neighbour, textOf } from './objects.ts';
import { type Pods, podsOf } from './pods.ts';
import { grantedTo } from './rbac.ts';

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
  const scales = chosen(view.list(kinds.autoscaler, namespace), ({ spec }) => {
    const target = fieldsOf(fieldsOf(spec).scaleTargetRef);
    const sameKind = parseApiVersion(textOf(target.apiVersion)).group === group && target.kind === kind;
    return sameKind && target.name === template.metadata.name ? `scales ${described(template)}` : undefined;
  });
  const pods = podsOf(template);
  return pods ? [...scales, ...ofPods(template, namespace, pods, view)] : scales;
}

function ofPods(
  template: UnstructuredObject,
  namespace: string,
  { labels, account }: Pods,
  view: ClosureView,
): readonly Neighbour[] {
  const because = `selects Pods of ${described(template)}`;
  const selecting = (kind: Parameters<ClosureView['list']>[0], selectorOf: (spec: unknown) => unknown) =>
    chosen(view.list(kind, namespace), ({ spec }) => (selects(selectorOf(spec), labels) ? because : undefined));
  const { serviceName } = fieldsOf(template.spec);
  return [
    ...selecting(kinds.service, (spec) => serviceSelector(fieldsOf(spec).selector)),
    ...(template.kind === 'StatefulSet' && typeof serviceName === 'string'
      ? found(view.get(kinds.service, namespace, serviceName), `gives Pods of ${described(template)} their names`)
      : []),
    ...selecting(kinds.disruptionBudget, (spec) => fieldsOf(spec).selector),
    ...selecting(kinds.networkPolicy, (spec) => fieldsOf(spec).podSelector ?? {}),
    // The default account is each cluster's own, but not what it is allowed to do.
    ...(account === 'default' ? grantedTo(namespace, account, view) : []),
  ];
}

/** A Service without a selector chooses no Pods; one of any other kind with an empty selector chooses all. */
function serviceSelector(selector: unknown): LabelSelector | undefined {
  const matchLabels = fieldsOf(selector) as Readonly<Record<string, string>>;
  return Object.keys(matchLabels).length > 0 ? { matchLabels } : undefined;
}

/** A selector that no API server would take chooses nothing. */
function selects(selector: unknown, labels: Pods['labels']): boolean {
  try {
    return labelSelectorMatcher(selector as LabelSelector | undefined).matches(labels);
  } catch {
    return false;
  }
}

/** Dependencies as the reference's event prints them: Go's `%+v` of its list. */
import type { Dependency } from '#interpreter/interpreter.ts';
import type { LabelSelector } from '#kube/selector/labels.ts';

function selectorText(selector: LabelSelector | undefined): string {
  if (!selector) return 'nil';
  const labels = Object.entries(selector.matchLabels ?? {})
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${key}: ${value},`);
  const expressions = (selector.matchExpressions ?? []).map(
    ({ key, operator, values = [] }) =>
      `LabelSelectorRequirement{Key:${key},Operator:${operator},Values:[${values.join(' ')}],},`,
  );
  return `&LabelSelector{MatchLabels:map[string]string{${labels.join('')}},MatchExpressions:[]LabelSelectorRequirement{${expressions.join('')}},}`;
}

export function dependencyWords(dependencies: readonly Dependency[]): string {
  const each = dependencies.map(
    ({ apiVersion, kind, namespace = '', name = '', labelSelector }) =>
      `{APIVersion:${apiVersion} Kind:${kind} Namespace:${namespace} Name:${name} LabelSelector:${selectorText(labelSelector)}}`,
  );
  return `[${each.join(' ')}]`;
}

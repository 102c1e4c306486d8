/**
 * By which words an object chooses others: a label of Pods, a Service's name, that of what is scaled. A view over many
 * objects finds by them the few that may concern one; whether they do is asked of each. Pure.
 */
import { gvkOf } from '#kube/meta/kind.ts';
import type { UnstructuredObject } from '#kube/meta/object.ts';
import { groupKind, closureKinds as kinds } from './kinds.ts';
import { fieldsOf, listOf, textOf } from './objects.ts';

/** `app=web`, of each label. */
export const labelWords = (labels: unknown): readonly string[] =>
  Object.entries(fieldsOf(labels)).map(([key, value]) => `${key}=${textOf(value)}`);

/** Names of the Services an Ingress sends requests to. */
export function backendsOfIngress(spec: unknown): readonly unknown[] {
  const { defaultBackend, rules } = fieldsOf(spec);
  const serviceOf = (backend: unknown) => fieldsOf(fieldsOf(backend).service).name;
  return [
    serviceOf(defaultBackend),
    ...listOf(rules).flatMap(({ http }) => listOf(fieldsOf(http).paths).map(({ backend }) => serviceOf(backend))),
  ];
}

/** Names of the Services of its own namespace that a route sends requests to. */
export function backendsOfRoute({ spec, metadata }: UnstructuredObject): readonly unknown[] {
  return listOf(fieldsOf(spec).rules)
    .flatMap((rule) => listOf(rule.backendRefs))
    .filter(({ kind = 'Service', group = '', namespace = metadata.namespace }) => {
      return kind === 'Service' && group === '' && namespace === metadata.namespace;
    })
    .map((reference) => reference.name);
}

/** Whoever has all labels has the first; what chooses by expressions alone may choose anything. */
const firstLabel = (selector: unknown): readonly string[] | undefined => {
  const [first] = labelWords(fieldsOf(selector).matchLabels);
  return first === undefined ? undefined : [first];
};

const rules: Readonly<Record<string, (object: UnstructuredObject) => readonly unknown[] | undefined>> = {
  [groupKind(kinds.service)]: ({ spec }) => labelWords(fieldsOf(spec).selector).slice(0, 1),
  [groupKind(kinds.ingress)]: ({ spec }) => backendsOfIngress(spec),
  [groupKind(kinds.httpRoute)]: backendsOfRoute,
  [groupKind(kinds.autoscaler)]: ({ spec }) => [fieldsOf(fieldsOf(spec).scaleTargetRef).name],
  [groupKind(kinds.disruptionBudget)]: ({ spec }) => firstLabel(fieldsOf(spec).selector),
  [groupKind(kinds.networkPolicy)]: ({ spec }) => firstLabel(fieldsOf(spec).podSelector),
};

/** Undefined: it may concern anything. */
export const wordsOf = (object: UnstructuredObject): readonly unknown[] | undefined =>
  rules[groupKind(gvkOf(object))]?.(object);

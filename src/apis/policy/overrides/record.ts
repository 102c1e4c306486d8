/**
 * What a Work's annotations say of the policies that overrode its manifest (compatibility.md section 2.3): a JSON list
 * of `{policyName, overriders}`, one for each rule, by policyName, byte for byte as the reference marshals it.
 */
import { appliedClusterOverrides, appliedOverrides } from '#apis/names/annotations.ts';
import type { JsonObject, JsonValue } from '#kube/meta/object.ts';
import { goJson } from './go-json.ts';
import type { PolicyRule } from './select.ts';

/**
 * A Work's annotations may hold 256 KiB in all, its stated fields 64 of them. A longer record names the policies and
 * leaves their overriders out.
 */
const MAX_RECORD_BYTES = 64 * 1024;

/** The fields of each overrider in the order of the reference's types; a patch's value is written also as null. */
const patch = ['operator', 'value'];
const fields: Readonly<Record<string, readonly string[]>> = {
  plaintext: ['path', ...patch],
  imageOverrider: ['predicate', 'component', 'operator', 'value'],
  commandOverrider: ['containerName', 'operator', 'value'],
  argsOverrider: ['containerName', 'operator', 'value'],
  labelsOverrider: ['operator', 'value'],
  annotationsOverrider: ['operator', 'value'],
  fieldOverrider: ['fieldPath', 'json', 'yaml'],
};
const patchFields = ['subPath', ...patch];

/** Go leaves out what is empty (`omitempty`), but for values of any JSON. */
const isEmpty = (value: JsonValue | undefined): boolean =>
  value === undefined ||
  value === null ||
  value === '' ||
  (typeof value === 'object' && Object.keys(value).length === 0);

/** Go's maps have no order of their own and are written by key. */
function sorted(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value as JsonObject).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, each]) => [key, sorted(each as JsonValue)]));
}

function inOrder(overrider: JsonObject, names: readonly string[], anyValue: boolean): JsonObject {
  const entries = names.flatMap((name): readonly (readonly [string, JsonValue])[] => {
    const value = overrider[name] as JsonValue | undefined;
    if (name === 'value' && anyValue) return [[name, sorted(value ?? null)]];
    if (isEmpty(value)) return [];
    if (name === 'json' || name === 'yaml') {
      return [[name, (value as readonly JsonObject[]).map((each) => inOrder(each, patchFields, true))]];
    }
    return [[name, sorted(value!)]];
  });
  return Object.fromEntries(entries);
}

const ordered = (overriders: JsonObject): JsonObject =>
  Object.fromEntries(
    Object.keys(fields)
      .filter((name) => !isEmpty(overriders[name] as JsonValue | undefined))
      .map((name) => [
        name,
        (overriders[name] as readonly JsonObject[]).map((each) => inOrder(each, fields[name]!, name === 'plaintext')),
      ]),
  );

/** Undefined where no rule is recorded. */
function recordOf(rules: readonly PolicyRule[]): string | undefined {
  if (rules.length === 0) return undefined;
  const items = rules
    .map(({ policy, rule }) => ({
      policyName: policy.metadata.name!,
      overriders: ordered(rule.overriders as JsonObject),
    }))
    .sort((a, b) => (a.policyName < b.policyName ? -1 : a.policyName > b.policyName ? 1 : 0));
  const text = goJson(items);
  return text.length <= MAX_RECORD_BYTES ? text : goJson(items.map((item) => ({ ...item, overriders: {} })));
}

/** The annotations of a Work in which these rules were applied. */
export function appliedRecord(rules: readonly PolicyRule[]): Readonly<Record<string, string>> {
  const [ofClusters, ofNamespaces] = [
    recordOf(rules.filter(({ policy }) => policy.kind === 'ClusterOverridePolicy')),
    recordOf(rules.filter(({ policy }) => policy.kind === 'OverridePolicy')),
  ];
  return {
    ...(ofClusters === undefined ? {} : { [appliedClusterOverrides]: ofClusters }),
    ...(ofNamespaces === undefined ? {} : { [appliedOverrides]: ofNamespaces }),
  };
}

/** The policies a record names, each once. */
export const recordedPolicies = (record: string): readonly string[] => [
  ...new Set((JSON.parse(record) as readonly { readonly policyName: string }[]).map(({ policyName }) => policyName)),
];

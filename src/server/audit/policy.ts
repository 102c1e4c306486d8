/** The audit policy (audit.k8s.io/v1 Policy): read from YAML or JSON and held to kube-apiserver's rules. */
import type { JsonObject, JsonValue } from '#kube/meta/object.ts';
import { dns1123Subdomain } from '#kube/names/validate.ts';
import { invalidValue, requiredValue, unsupportedValue } from '#kube/status/causes.ts';
import type { StatusCause } from '#kube/status/status.ts';
import { parseYaml } from '#kube/yaml/yaml.ts';

/** How much of a request is told; each says what the one before it says, and more. */
export const levels = ['None', 'Metadata', 'Request', 'RequestResponse'] as const;
export type Level = (typeof levels)[number];

const stages = ['RequestReceived', 'ResponseStarted', 'ResponseComplete', 'Panic'] as const;
export type Stage = (typeof stages)[number];

export interface GroupResources {
  readonly group?: string;
  readonly resources?: readonly string[];
  readonly resourceNames?: readonly string[];
}

export interface PolicyRule {
  readonly level: Level;
  readonly users?: readonly string[];
  readonly userGroups?: readonly string[];
  readonly verbs?: readonly string[];
  readonly resources?: readonly GroupResources[];
  readonly namespaces?: readonly string[];
  readonly nonResourceURLs?: readonly string[];
  readonly omitStages?: readonly Stage[];
  readonly omitManagedFields?: boolean;
}

export interface AuditPolicy {
  readonly rules: readonly PolicyRule[];
  readonly omitStages: readonly Stage[];
  readonly omitManagedFields: boolean;
}

/** A policy that cannot be used, and all that is wrong with it. */
export class PolicyError extends Error {
  override readonly name = 'PolicyError';
}

const apiVersion = 'audit.k8s.io/v1';

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const textLists = ['users', 'userGroups', 'verbs', 'namespaces', 'nonResourceURLs', 'omitStages'] as const;
const ruleFields = new Set<string>([...textLists, 'level', 'resources', 'omitManagedFields']);
const resourceLists = ['resources', 'resourceNames'] as const;

type Causes = Generator<StatusCause>;

function* textsCauses(path: string, value: JsonValue | undefined): Causes {
  if (value === undefined || value === null) return;
  const texts = Array.isArray(value) && value.every((each) => typeof each === 'string');
  if (!texts) yield invalidValue(path, value, 'must be a list of strings');
}

function* stageCauses(path: string, value: JsonValue | undefined): Causes {
  for (const [index, stage] of (Array.isArray(value) ? value : []).entries())
    if (!stages.includes(stage as Stage))
      yield invalidValue(`${path}[${index}]`, stage, `allowed stages are ${stages.join(',')}`);
}

function* urlCauses(path: string, value: JsonValue | undefined): Causes {
  for (const [index, url] of (Array.isArray(value) ? (value as readonly string[]) : []).entries()) {
    if (url === '*' || typeof url !== 'string') continue;
    const at = `${path}[${index}]`;
    if (!url.startsWith('/')) yield invalidValue(at, url, "non-resource URL rules must begin with a '/' character");
    if (url.slice(0, -1).includes('*'))
      yield invalidValue(at, url, "non-resource URL wildcards '*' must be the final character of the rule");
  }
}

function* resourceCauses(path: string, value: JsonValue | undefined): Causes {
  if (value === undefined || value === null) return;
  if (!Array.isArray(value)) return yield invalidValue(path, value, 'must be a list');
  for (const each of value as readonly JsonValue[]) {
    if (!isObject(each)) {
      yield invalidValue(path, each, 'must be an object with group, resources and resourceNames');
      continue;
    }
    for (const list of resourceLists) yield* textsCauses(`${path}.${list}`, each[list]);
    const { group = '', resources = [], resourceNames = [] } = each;
    const wrong = typeof group === 'string' && group !== '' ? dns1123Subdomain(group) : [];
    if (wrong.length > 0) yield invalidValue(`${path}.group`, group, wrong.join(','));
    if ((resourceNames as readonly string[]).length > 0 && (resources as readonly string[]).length === 0)
      yield invalidValue(`${path}.resourceNames`, resourceNames, 'using resourceNames requires at least one resource');
  }
}

function* ruleCauses(path: string, rule: JsonValue): Causes {
  if (!isObject(rule)) return yield invalidValue(path, rule, 'must be an object');
  // A misspelt field would silently make a rule wider than it was meant.
  for (const field of Object.keys(rule))
    if (!ruleFields.has(field))
      yield invalidValue(path, field, `unknown field; known are ${[...ruleFields].join(', ')}`);
  for (const list of textLists) yield* textsCauses(`${path}.${list}`, rule[list]);
  const { level, nonResourceURLs, resources, namespaces } = rule;
  if (level === undefined || level === null || level === '') yield requiredValue(`${path}.level`);
  else if (!levels.includes(level as Level)) yield unsupportedValue(`${path}.level`, level, levels);
  yield* urlCauses(`${path}.nonResourceURLs`, nonResourceURLs);
  yield* resourceCauses(`${path}.resources`, resources);
  yield* stageCauses(`${path}.omitStages`, rule.omitStages);
  const length = (value: JsonValue | undefined) => (Array.isArray(value) ? value.length : 0);
  if (length(nonResourceURLs) > 0 && length(resources) + length(namespaces) > 0) {
    const why = 'rules cannot apply to both regular resources and non-resource URLs';
    yield invalidValue(`${path}.nonResourceURLs`, nonResourceURLs, why);
  }
}

function* policyCauses(document: JsonObject): Causes {
  yield* stageCauses('omitStages', document.omitStages);
  const rules = Array.isArray(document.rules) ? (document.rules as readonly JsonValue[]) : [];
  for (const [index, rule] of rules.entries()) yield* ruleCauses(`rules[${index}]`, rule);
}

function documentOf(text: string): JsonObject {
  let value: JsonValue | undefined;
  try {
    value = parseYaml(text);
  } catch (error) {
    throw new PolicyError(`it is not YAML: ${(error as Error).message}`);
  }
  if (!isObject(value)) throw new PolicyError('it is empty: an audit policy has apiVersion, kind and rules');
  if (value.apiVersion !== apiVersion || value.kind !== 'Policy') {
    const found = `apiVersion ${JSON.stringify(value.apiVersion ?? '')}, kind ${JSON.stringify(value.kind ?? '')}`;
    throw new PolicyError(`it must say apiVersion: ${apiVersion} and kind: Policy; it says ${found}`);
  }
  return value;
}

/** Throws PolicyError. */
export function parsePolicy(text: string): AuditPolicy {
  const document = documentOf(text);
  const causes = [...policyCauses(document)];
  if (causes.length > 0) throw new PolicyError(causes.map(({ field, message }) => `${field}: ${message}`).join('; '));
  const rules = (document.rules ?? []) as unknown as readonly PolicyRule[];
  if (rules.length === 0) throw new PolicyError('it has no rules: without any, nothing is recorded');
  return {
    rules,
    omitStages: (document.omitStages ?? []) as unknown as readonly Stage[],
    omitManagedFields: document.omitManagedFields === true,
  };
}

/** ResourceQuotas and LimitRanges. */
import type { KubeObject } from '#kube/meta/object.ts';
import { qualifiedName } from '#kube/names/validate.ts';
import { compareQuantity, formatQuantity, parseQuantity, type Quantity } from '#kube/quantity/quantity.ts';
import { duplicateValue, forbiddenField, invalidValue, requiredValue } from '#kube/status/causes.ts';
import { contentOf } from '../../prepare/preparation.ts';
import { type Fields, fieldsOf, isFields, itemsOf, textOf } from '../../value.ts';
import { type Findings, immutableText, texts } from '../findings.ts';
import {
  checkAmount,
  checkContainerResourceName,
  checkQuotaResourceName,
  checkResourceName,
  isStandardQuotaResource,
} from '../resources.ts';

const scopes = [
  'Terminating',
  'NotTerminating',
  'BestEffort',
  'NotBestEffort',
  'PriorityClass',
  'CrossNamespacePodAffinity',
  'VolumeAttributesClass',
];

export function validateResourceQuota(quota: KubeObject): Findings {
  const findings: Findings = [];
  const { spec, status } = contentOf(quota);
  checkHard(findings, 'spec.hard', fieldsOf(spec).hard);
  checkScopes(findings, fieldsOf(spec));
  checkHard(findings, 'status.hard', fieldsOf(status).hard);
  checkHard(findings, 'status.used', fieldsOf(status).used);
  return findings;
}

function checkHard(findings: Findings, path: string, amounts: unknown): void {
  for (const [name, amount] of Object.entries(fieldsOf(amounts))) {
    checkQuotaResourceName(findings, `${path}[${name}]`, name);
    checkAmount(findings, `${path}[${name}]`, name, amount);
  }
}

function checkScopes(findings: Findings, spec: Fields): void {
  const given = itemsOf(spec.scopes) as readonly unknown[] as readonly string[];
  for (const scope of given) {
    if (!scopes.includes(scope)) findings.push(invalidValue('spec.scopes', given, 'unsupported scope'));
    if (!fitsAll(scope, spec.hard)) {
      findings.push(invalidValue('spec.scopes', given, 'unsupported scope applied to resource'));
    }
  }
  for (const [one, other] of [
    ['BestEffort', 'NotBestEffort'],
    ['Terminating', 'NotTerminating'],
  ] as const) {
    if (given.includes(one) && given.includes(other)) {
      findings.push(invalidValue('spec.scopes', given, 'conflicting scopes'));
    }
  }
  for (const requirement of itemsOf(fieldsOf(spec.scopeSelector).matchExpressions)) {
    const path = 'spec.scopeSelector.matchExpressions';
    if (!fitsAll(textOf(requirement.scopeName), spec.hard)) {
      findings.push(invalidValue(path, shownSelector(spec.scopeSelector), 'unsupported scope applied to resource'));
    }
    checkScopeRequirement(findings, path, requirement);
  }
}

const podResources = ['cpu', 'memory', 'limits.cpu', 'limits.memory', 'requests.cpu', 'requests.memory', 'pods'];

/** Which standard resources a scope can bound. */
const scopedResources: Readonly<Record<string, readonly string[]>> = {
  Terminating: podResources,
  NotTerminating: podResources,
  NotBestEffort: podResources,
  PriorityClass: podResources,
  CrossNamespacePodAffinity: podResources,
  BestEffort: ['pods'],
  VolumeAttributesClass: ['persistentvolumeclaims', 'requests.storage'],
};

function fitsAll(scope: string, hard: unknown): boolean {
  const fitting = scopedResources[scope];
  if (fitting === undefined) return true;
  return Object.keys(fieldsOf(hard)).every((name) => !isStandardQuotaResource(name) || fitting.includes(name));
}

const shownSelector = (selector: unknown): Fields => ({
  MatchExpressions: itemsOf(fieldsOf(selector).matchExpressions).map(({ scopeName, operator, values }) => ({
    ScopeName: scopeName,
    Operator: operator,
    Values: values ?? null,
  })),
});

/** Scopes that a Pod is in or not, with nothing to compare. */
const withoutValues = ['BestEffort', 'NotBestEffort', 'Terminating', 'NotTerminating', 'CrossNamespacePodAffinity'];
const onlyExists =
  "must be 'Exists' when scope is any of ResourceQuotaScopeTerminating, ResourceQuotaScopeNotTerminating, " +
  'ResourceQuotaScopeBestEffort, ResourceQuotaScopeNotBestEffort or ResourceQuotaScopeCrossNamespacePodAffinity';

function checkScopeRequirement(findings: Findings, path: string, { scopeName, operator, values }: Fields): void {
  const count = itemsOf(values).length;
  if (withoutValues.includes(textOf(scopeName)) && operator !== 'Exists') {
    findings.push(invalidValue(`${path}.operator`, operator, onlyExists));
  }
  if (!scopes.includes(textOf(scopeName))) {
    findings.push(invalidValue(`${path}.scopeName`, scopeName, 'unsupported scope'));
  }
  if (operator === 'In' || operator === 'NotIn') {
    const why = "must be at least one value when `operator` is 'In' or 'NotIn' for scope selector";
    if (count === 0) findings.push(requiredValue(`${path}.values`, why));
  } else if (operator === 'Exists' || operator === 'DoesNotExist') {
    const why = "must be no value when `operator` is 'Exist' or 'DoesNotExist' for scope selector";
    if (count > 0) findings.push(invalidValue(`${path}.values`, values, why));
  } else findings.push(invalidValue(`${path}.operator`, operator, 'not a valid selector operator'));
}

export function validateResourceQuotaUpdate(quota: KubeObject, old: KubeObject): Findings {
  const scopesOf = (object: KubeObject) => itemsOf(fieldsOf(contentOf(object).spec).scopes) as readonly unknown[];
  const now = new Set(scopesOf(quota));
  const before = new Set(scopesOf(old));
  const same = now.size === before.size && [...now].every((scope) => before.has(scope));
  return same ? [] : [invalidValue('spec.scopes', scopesOf(quota), immutableText)];
}

const limitTypes = ['Pod', 'Container', 'PersistentVolumeClaim'];

export function validateLimitRange(range: KubeObject): Findings {
  const findings: Findings = [];
  const types = new Set<string>();
  for (const [index, limit] of itemsOf(fieldsOf(contentOf(range).spec).limits).entries()) {
    const at = `spec.limits[${index}]`;
    const type = textOf(limit.type);
    const wrong = qualifiedName(type);
    texts(findings, `${at}.type`, type, wrong);
    if (wrong.length === 0 && !type.includes('/') && !limitTypes.includes(type)) {
      findings.push(invalidValue(`${at}.type`, type, 'must be a standard limit type or fully qualified'));
    }
    if (types.has(type)) findings.push(duplicateValue(`${at}.type`, type));
    types.add(type);
    checkLimit(findings, at, limit, type);
  }
  return findings;
}

const parts = ['max', 'min', 'default', 'defaultRequest', 'maxLimitRequestRatio'];

function checkLimit(findings: Findings, path: string, limit: Fields, type: string): void {
  const names = new Set<string>();
  for (const part of parts) {
    if (!isFields(limit[part])) continue;
    if (type === 'Pod' && part.startsWith('default')) {
      findings.push(forbiddenField(`${path}.${part}`, "may not be specified when `type` is 'Pod'"));
      continue;
    }
    const checkName = type === 'Pod' || type === 'Container' ? checkContainerResourceName : checkResourceName;
    for (const name in limit[part]) {
      checkName(findings, `${path}.${part}[${name}]`, name);
      names.add(name);
    }
  }
  if (type === 'PersistentVolumeClaim' && !fieldsOf(limit.min).storage && !fieldsOf(limit.max).storage) {
    const why = 'either minimum or maximum storage value is required, but neither was provided';
    findings.push(requiredValue(`${path}.limits`, why));
  }
  for (const name of names) checkOrder(findings, path, limit, name);
}

/** min ≤ defaultRequest ≤ default ≤ max, as far as they are given: [smaller, its name, larger, its name, blamed part]. */
const orders = [
  ['min', 'min value', 'max', 'max value', 'min'],
  ['min', 'min value', 'defaultRequest', 'default request value', 'defaultRequest'],
  ['defaultRequest', 'default request value', 'max', 'max value', 'defaultRequest'],
  ['defaultRequest', 'default request value', 'default', 'default limit value', 'defaultRequest'],
  ['min', 'min value', 'default', 'default value', 'default'],
  ['default', 'default value', 'max', 'max value', 'default'],
] as const;

function checkOrder(findings: Findings, path: string, limit: Fields, name: string): void {
  const amountOf = (part: string): Quantity | undefined => {
    const text = fieldsOf(limit[part])[name];
    return typeof text === 'string' ? parseQuantity(text) : undefined;
  };
  for (const [small, smallName, large, largeName, blamed] of orders) {
    const smaller = amountOf(small);
    const larger = amountOf(large);
    if (!smaller || !larger || compareQuantity(smaller, larger) <= 0) continue;
    const why = `${smallName} ${formatQuantity(smaller)} is greater than ${largeName} ${formatQuantity(larger)}`;
    const shown = large === 'defaultRequest' ? larger : small === 'default' ? larger : smaller;
    findings.push(invalidValue(`${path}.${blamed}[${name}]`, formatQuantity(shown), why));
  }
  const ratio = amountOf('maxLimitRequestRatio');
  if (ratio && ratio.nano < 1_000_000_000n) {
    const text = formatQuantity(ratio);
    findings.push(invalidValue(`${path}.maxLimitRequestRatio[${name}]`, text, `ratio ${text} is less than 1`));
  }
}

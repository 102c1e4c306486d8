/** When a Job has failed and when it has succeeded: podFailurePolicy and successPolicy. */
import { qualifiedName } from '#kube/names/validate.ts';
import {
  duplicateValue,
  invalidValue,
  requiredValue,
  tooLong,
  tooMany,
  unsupportedValue,
} from '#kube/status/causes.ts';
import { type Fields, fieldsOf, isFields, itemsOf, textOf } from '../../value.ts';
import { type Findings, notNegative, texts } from '../findings.ts';

const mostRules = 20;
const mostExitCodes = 255;
const actions = ['Count', 'FailIndex', 'FailJob', 'Ignore'];
const operators = ['In', 'NotIn'];
const statuses = ['False', 'True', 'Unknown'];

/** Go prints a list of strings as `["a" "b"]`. */
const valid = (values: readonly string[]): string => `valid values: [${values.map((each) => `"${each}"`).join(' ')}]`;

export function checkPodFailurePolicy(findings: Findings, path: string, spec: Fields): void {
  if (!isFields(spec.podFailurePolicy)) return;
  const rules = itemsOf(spec.podFailurePolicy.rules);
  if (rules.length > mostRules) findings.push(tooMany(`${path}.rules`, rules.length, mostRules));
  const template = fieldsOf(fieldsOf(spec.template).spec);
  const containers = [...itemsOf(template.containers), ...itemsOf(template.initContainers)].map(({ name }) => name);
  for (const [index, rule] of rules.entries()) checkRule(findings, `${path}.rules[${index}]`, rule, spec, containers);
}

function checkRule(findings: Findings, path: string, rule: Fields, spec: Fields, containers: readonly unknown[]): void {
  const action = textOf(rule.action);
  if (action === '') findings.push(requiredValue(`${path}.action`, valid(actions)));
  else if (action === 'FailIndex') {
    if (spec.backoffLimitPerIndex === undefined) {
      findings.push(invalidValue(`${path}.action`, action, 'requires the backoffLimitPerIndex to be set'));
    }
  } else if (!actions.includes(action)) findings.push(unsupportedValue(`${path}.action`, action, actions));
  const conditions = itemsOf(rule.onPodConditions);
  if (isFields(rule.onExitCodes)) checkExitCodes(findings, `${path}.onExitCodes`, rule.onExitCodes, containers);
  checkConditions(findings, `${path}.onPodConditions`, conditions);
  if (isFields(rule.onExitCodes) === conditions.length > 0) {
    const why = isFields(rule.onExitCodes)
      ? 'specifying both OnExitCodes and OnPodConditions is not supported'
      : 'specifying one of OnExitCodes and OnPodConditions is required';
    findings.push({ reason: 'FieldValueInvalid', field: path, message: `Invalid value: ${why}` });
  }
}

function checkExitCodes(findings: Findings, path: string, codes: Fields, containers: readonly unknown[]): void {
  const operator = textOf(codes.operator);
  if (operator === '') findings.push(requiredValue(`${path}.operator`, valid(operators)));
  else if (!operators.includes(operator)) findings.push(unsupportedValue(`${path}.operator`, operator, operators));
  if (typeof codes.containerName === 'string' && !containers.includes(codes.containerName)) {
    const why = 'must be one of the container or initContainer names in the pod template';
    findings.push(invalidValue(`${path}.containerName`, codes.containerName, why));
  }
  const values = itemsOf(codes.values) as readonly unknown[];
  const at = `${path}.values`;
  if (values.length === 0) findings.push(invalidValue(at, codes.values, 'at least one value is required'));
  if (values.length > mostExitCodes) findings.push(tooMany(at, values.length, mostExitCodes));
  for (const [index, value] of values.entries()) {
    if (operator === 'In' && value === 0) {
      findings.push(invalidValue(`${at}[${index}]`, value, 'must not be 0 for the In operator'));
    }
    if (values.indexOf(value) < index) findings.push(duplicateValue(`${at}[${index}]`, value));
  }
  if (values.some((value, index) => index > 0 && Number(values[index - 1]) > Number(value))) {
    findings.push(invalidValue(at, values, 'must be ordered'));
  }
}

function checkConditions(findings: Findings, path: string, patterns: readonly Fields[]): void {
  if (patterns.length > mostRules) findings.push(tooMany(path, patterns.length, mostRules));
  for (const [index, { type, status }] of patterns.entries()) {
    texts(findings, `${path}[${index}].type`, textOf(type), qualifiedName(textOf(type)));
    if (!statuses.includes(status as string)) {
      findings.push(unsupportedValue(`${path}[${index}].status`, status, statuses));
    }
  }
}

export function checkSuccessPolicy(findings: Findings, path: string, spec: Fields): void {
  const rules = itemsOf(fieldsOf(spec.successPolicy).rules);
  if (rules.length === 0) {
    const why = 'at least one rules must be specified when the successPolicy is specified';
    findings.push(requiredValue(`${path}.rules`, why));
  }
  if (rules.length > mostRules) findings.push(tooMany(`${path}.rules`, rules.length, mostRules));
  const completions = Number(spec.completions ?? 0);
  for (const [index, { succeededCount, succeededIndexes }] of rules.entries()) {
    const at = `${path}.rules[${index}]`;
    if (succeededCount === undefined && succeededIndexes === undefined) {
      findings.push(requiredValue(at, 'at least one of succeededCount or succeededIndexes must be specified'));
    }
    const indexes =
      typeof succeededIndexes === 'string' ? checkIndexes(findings, at, succeededIndexes, completions) : undefined;
    if (typeof succeededCount === 'number')
      checkCount(findings, `${at}.succeededCount`, succeededCount, completions, indexes);
  }
}

function checkCount(findings: Findings, at: string, count: number, completions: number, indexes?: number): void {
  notNegative(findings, at, count);
  const atMost = (most: number, what: string) => {
    if (count > most)
      findings.push(invalidValue(at, count, `must be less than or equal to ${most} (the number of ${what})`));
  };
  atMost(completions, 'specified completions');
  if (indexes !== undefined) atMost(indexes, 'indexes in the specified succeededIndexes field');
}

/** 64 kB: as kube-apiserver bounds it. */
const longestIndexes = 65_536;

/** How many there are; none where they cannot be read. */
function checkIndexes(findings: Findings, at: string, text: string, completions: number): number {
  const field = `${at}.succeededIndexes`;
  if (text.length > longestIndexes) findings.push(tooLong(field, longestIndexes));
  const found = readIndexes(text, completions);
  if (typeof found === 'number') return found;
  findings.push(invalidValue(field, text, `error parsing succeededIndexes: ${found}`));
  return 0;
}

/** `0,2-4`: each index once, in order, below the number of completions. How many there are, or what is wrong. */
function readIndexes(text: string, completions: number): number | string {
  if (text === '') return 0;
  let total = 0;
  let last: number | undefined;
  for (const fragment of text.split(',')) {
    const parts = fragment.split('-');
    const shown = JSON.stringify(fragment);
    if (parts.length > 2) {
      return `the fragment ${shown} violates the requirement that an index interval can have at most two parts separated by '-'`;
    }
    for (const part of parts) {
      if (!/^[+-]?\d+$/.test(part)) return `cannot convert string to integer for index: ${JSON.stringify(part)}`;
      const index = Number(part);
      if (index >= completions) return `too large index: ${JSON.stringify(part)}`;
      if (last !== undefined && last >= index) return `non-increasing order, previous: ${last}, current: ${index}`;
      last = index;
    }
    total += parts.length === 2 ? Number(parts[1]) - Number(parts[0]) + 1 : 1;
  }
  return total;
}

/** Webhook configurations, mutating and validating. */
import type { KubeObject } from '#kube/meta/object.ts';
import { duplicateValue, invalidValue, requiredValue, unsupportedValue } from '#kube/status/causes.ts';
import { contentOf } from '../../prepare/preparation.ts';
import { type Fields, fieldsOf, itemsOf, textOf } from '../../value.ts';
import { type Findings, requireText, texts } from '../findings.ts';
import { checkLabelSelector } from '../labels.ts';
import { qualifiedDomain } from '../names.ts';
import { checkClientConfig, checkReviewVersions } from './clients.ts';

export function validateWebhooks(configuration: KubeObject): Findings {
  const findings: Findings = [];
  const names = new Set<string>();
  for (const [index, hook] of itemsOf(contentOf(configuration).webhooks).entries()) {
    const at = `webhooks[${index}]`;
    const name = textOf(hook.name);
    checkWebhook(findings, at, hook);
    checkReviewVersions(findings, `${at}.admissionReviewVersions`, hook.admissionReviewVersions);
    if (name !== '' && names.has(name)) findings.push(duplicateValue(`${at}.name`, name));
    names.add(name);
  }
  return findings;
}

/** Fields that take one of a few words. */
const words: Readonly<Record<string, readonly string[]>> = {
  failurePolicy: ['Fail', 'Ignore'],
  matchPolicy: ['Equivalent', 'Exact'],
  sideEffects: ['None', 'NoneOnDryRun'],
};

function checkWebhook(findings: Findings, path: string, hook: Fields): void {
  if (requireText(findings, `${path}.name`, hook.name)) {
    texts(findings, `${path}.name`, hook.name, qualifiedDomain(hook.name, 3));
  }
  for (const [index, rule] of itemsOf(hook.rules).entries()) checkRules(findings, `${path}.rules[${index}]`, rule);
  if (typeof hook.sideEffects !== 'string') {
    findings.push(requiredValue(`${path}.sideEffects`, 'must specify one of None, NoneOnDryRun'));
  }
  checkWords(findings, path, hook, words);
  const timeout = hook.timeoutSeconds;
  if (typeof timeout === 'number' && (timeout < 1 || timeout > 30)) {
    const why = 'the timeout value must be between 1 and 30 seconds';
    findings.push(invalidValue(`${path}.timeoutSeconds`, timeout, why));
  }
  checkLabelSelector(findings, `${path}.namespaceSelector`, hook.namespaceSelector);
  checkLabelSelector(findings, `${path}.objectSelector`, hook.objectSelector);
  checkWords(findings, path, hook, { reinvocationPolicy: ['IfNeeded', 'Never'] });
  checkClientConfig(findings, `${path}.clientConfig`, fieldsOf(hook.clientConfig));
}

function checkWords(findings: Findings, path: string, hook: Fields, table: typeof words): void {
  for (const [name, supported] of Object.entries(table)) {
    const value = hook[name];
    if (typeof value === 'string' && !supported.includes(value)) {
      findings.push(unsupportedValue(`${path}.${name}`, value, supported));
    }
  }
}

const operations = ['*', 'CONNECT', 'CREATE', 'DELETE', 'UPDATE'];
const scopes = ['*', 'Cluster', 'Namespaced'];

/** Lists where `*` stands alone, with what their texts call the others. */
const lists = [
  ['operations', 'operations'],
  ['apiGroups', 'API groups'],
  ['apiVersions', 'API versions'],
] as const;

/** One rule with its operations, of a webhook or a policy. */
export function checkRules(findings: Findings, path: string, rule: Fields): void {
  for (const [name, called] of lists) {
    const values = itemsOf(rule[name]) as readonly unknown[];
    const at = `${path}.${name}`;
    if (values.length === 0) findings.push(requiredValue(at));
    if (values.length > 1 && values.includes('*')) {
      findings.push(invalidValue(at, values, `if '*' is present, must not specify other ${called}`));
    }
    if (name === 'operations') {
      for (const [index, value] of values.entries()) {
        if (!operations.includes(textOf(value))) findings.push(unsupportedValue(`${at}[${index}]`, value, operations));
      }
    }
  }
  checkResources(findings, `${path}.resources`, itemsOf(rule.resources) as readonly unknown[]);
  if (typeof rule.scope === 'string' && !scopes.includes(rule.scope)) {
    findings.push(unsupportedValue(`${path}.scope`, rule.scope, scopes));
  }
}

function checkResources(findings: Findings, path: string, resources: readonly unknown[]): void {
  if (resources.length === 0) findings.push(requiredValue(path));
  if (resources.length > 1 && resources.includes('*/*')) {
    findings.push(invalidValue(path, resources, "if '*/*' is present, must not specify other resources"));
  }
  if (resources.includes('*') && resources.some((name) => !textOf(name).includes('/') && name !== '*')) {
    const why = "if '*' is present, must not specify other resources without subresources";
    findings.push(invalidValue(path, resources, why));
  }
}

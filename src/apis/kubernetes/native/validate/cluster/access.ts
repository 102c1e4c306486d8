/** Roles and their bindings. */
import type { KubeObject } from '#kube/meta/object.ts';
import { dns1123Subdomain } from '#kube/names/validate.ts';
import { invalidValue, requiredValue, unsupportedValue } from '#kube/status/causes.ts';
import { contentOf } from '../../prepare/preparation.ts';
import { type Fields, fieldsOf, isFields, itemsOf, sameValue, textOf } from '../../value.ts';
import { type Findings, requireText, texts } from '../findings.ts';
import { checkLabelSelector } from '../labels.ts';
import { pathSegment } from '../names.ts';

const group = 'rbac.authorization.k8s.io';

export function validateRole(role: KubeObject): Findings {
  const findings: Findings = [];
  checkRules(findings, role, true);
  return findings;
}

export function validateClusterRole(role: KubeObject): Findings {
  const findings: Findings = [];
  checkRules(findings, role, false);
  const { aggregationRule } = contentOf(role);
  if (!isFields(aggregationRule)) return findings;
  const path = 'aggregationRule.clusterRoleSelectors';
  const selectors = itemsOf(aggregationRule.clusterRoleSelectors);
  if (selectors.length === 0) {
    findings.push(requiredValue(path, 'at least one clusterRoleSelector required if aggregationRule is non-nil'));
  }
  for (const [index, selector] of selectors.entries()) checkLabelSelector(findings, `${path}[${index}]`, selector);
  return findings;
}

function checkRules(findings: Findings, role: KubeObject, namespaced: boolean): void {
  for (const [index, rule] of itemsOf(contentOf(role).rules).entries()) {
    const at = `rules[${index}]`;
    const has = (name: string): boolean => itemsOf(rule[name]).length > 0;
    if (!has('verbs')) findings.push(requiredValue(`${at}.verbs`, 'verbs must contain at least one value'));
    if (has('nonResourceURLs')) {
      const urls = rule.nonResourceURLs;
      const why = 'namespaced rules cannot apply to non-resource URLs';
      if (namespaced) findings.push(invalidValue(`${at}.nonResourceURLs`, urls, why));
      if (has('apiGroups') || has('resources') || has('resourceNames')) {
        const both = 'rules cannot apply to both regular resources and non-resource URLs';
        findings.push(invalidValue(`${at}.nonResourceURLs`, urls, both));
      }
      continue;
    }
    if (!has('apiGroups')) {
      findings.push(requiredValue(`${at}.apiGroups`, 'resource rules must supply at least one api group'));
    }
    if (!has('resources')) {
      findings.push(requiredValue(`${at}.resources`, 'resource rules must supply at least one resource'));
    }
  }
}

export const validateRoleBinding = (binding: KubeObject): Findings => checkBinding(binding, ['Role', 'ClusterRole']);
export const validateClusterRoleBinding = (binding: KubeObject): Findings => checkBinding(binding, ['ClusterRole']);

function checkBinding(binding: KubeObject, kinds: readonly string[]): Findings {
  const findings: Findings = [];
  const { apiGroup, kind, name } = fieldsOf(contentOf(binding).roleRef);
  if (apiGroup !== group) findings.push(unsupportedValue('roleRef.apiGroup', apiGroup, [group]));
  if (!kinds.includes(textOf(kind))) findings.push(unsupportedValue('roleRef.kind', textOf(kind), kinds));
  if (requireText(findings, 'roleRef.name', name)) texts(findings, 'roleRef.name', name, pathSegment(name));
  const namespaced = kinds.includes('Role');
  for (const [index, subject] of itemsOf(contentOf(binding).subjects).entries()) {
    checkSubject(findings, `subjects[${index}]`, subject, namespaced);
  }
  return findings;
}

const subjectKinds = ['ServiceAccount', 'User', 'Group'];

function checkSubject(findings: Findings, path: string, subject: Fields, namespaced: boolean): void {
  const { kind, name } = subject;
  const apiGroup = textOf(subject.apiGroup);
  const named = requireText(findings, `${path}.name`, name);
  if (kind === 'ServiceAccount') {
    if (named) texts(findings, `${path}.name`, name, dns1123Subdomain(name));
    if (apiGroup !== '') findings.push(unsupportedValue(`${path}.apiGroup`, apiGroup, ['']));
    if (!namespaced && !subject.namespace) findings.push(requiredValue(`${path}.namespace`));
  } else if (!subjectKinds.includes(textOf(kind))) {
    findings.push(unsupportedValue(`${path}.kind`, textOf(kind), subjectKinds));
  } else if (apiGroup !== group) findings.push(unsupportedValue(`${path}.apiGroup`, apiGroup, [group]));
}

/** Whom a binding is for may change, what it grants may not. */
export function validateBindingUpdate(binding: KubeObject, old: KubeObject): Findings {
  const roleRef = fieldsOf(contentOf(binding).roleRef);
  if (sameValue(roleRef, contentOf(old).roleRef)) return [];
  const shown = { APIGroup: roleRef.apiGroup, Kind: roleRef.kind, Name: roleRef.name };
  return [invalidValue('roleRef', shown, 'cannot change roleRef')];
}

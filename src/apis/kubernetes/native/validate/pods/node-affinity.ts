/** Node selectors: of Pods' node affinity and of PersistentVolumes. */
import { dns1123Subdomain, labelValue, qualifiedName } from '#kube/names/validate.ts';
import { forbiddenField, invalidValue, requiredValue } from '#kube/status/causes.ts';
import { type Fields, fieldsOf, isFields, itemsOf, textOf } from '../../value.ts';
import { type Findings, texts } from '../findings.ts';

export function checkNodeAffinity(findings: Findings, path: string, affinity: Fields): void {
  const required = affinity.requiredDuringSchedulingIgnoredDuringExecution;
  const requiredPath = `${path}.requiredDuringSchedulingIgnoredDuringExecution`;
  if (isFields(required)) checkNodeSelector(findings, requiredPath, required);
  for (const [index, term] of itemsOf(affinity.preferredDuringSchedulingIgnoredDuringExecution).entries()) {
    const at = `${path}.preferredDuringSchedulingIgnoredDuringExecution[${index}]`;
    checkWeight(findings, at, term.weight);
    checkTerm(findings, `${at}.preference`, fieldsOf(term.preference), false);
  }
}

export function checkWeight(findings: Findings, path: string, weight: unknown): void {
  const number = typeof weight === 'number' ? weight : 0;
  if (number < 1 || number > 100) findings.push(invalidValue(`${path}.weight`, number, 'must be in the range 1-100'));
}

export function checkNodeSelector(findings: Findings, path: string, selector: Fields): void {
  const terms = itemsOf(selector.nodeSelectorTerms);
  if (terms.length === 0) {
    findings.push(requiredValue(`${path}.nodeSelectorTerms`, 'must have at least one node selector term'));
  }
  for (const [index, term] of terms.entries()) checkTerm(findings, `${path}.nodeSelectorTerms[${index}]`, term, true);
}

/** Values of preferences are not looked at, as ever. */
function checkTerm(findings: Findings, path: string, term: Fields, checkValues: boolean): void {
  for (const [index, each] of itemsOf(term.matchExpressions).entries()) {
    checkExpression(findings, `${path}.matchExpressions[${index}]`, each, checkValues);
  }
  for (const [index, each] of itemsOf(term.matchFields).entries()) {
    checkField(findings, `${path}.matchFields[${index}]`, each);
  }
}

function checkExpression(findings: Findings, path: string, requirement: Fields, checkValues: boolean): void {
  const values = itemsOf(requirement.values) as readonly unknown[];
  const field = `${path}.values`;
  const { operator } = requirement;
  if (operator === 'In' || operator === 'NotIn') {
    if (values.length === 0)
      findings.push(requiredValue(field, "must be specified when `operator` is 'In' or 'NotIn'"));
  } else if (operator === 'Exists' || operator === 'DoesNotExist') {
    const why = "may not be specified when `operator` is 'Exists' or 'DoesNotExist'";
    if (values.length > 0) findings.push(forbiddenField(field, why));
  } else if (operator === 'Gt' || operator === 'Lt') {
    const why = "must be specified single value when `operator` is 'Lt' or 'Gt'";
    if (values.length !== 1) findings.push(requiredValue(field, why));
  } else findings.push(invalidValue(`${path}.operator`, textOf(operator), 'not a valid selector operator'));
  texts(findings, `${path}.key`, textOf(requirement.key), qualifiedName(textOf(requirement.key)));
  if (!checkValues) return;
  for (const [index, value] of values.entries())
    texts(findings, `${field}[${index}]`, value, labelValue(textOf(value)));
}

/** metadata.name is the only field there is. */
function checkField(findings: Findings, path: string, requirement: Fields): void {
  const values = itemsOf(requirement.values) as readonly unknown[];
  if (requirement.operator !== 'In' && requirement.operator !== 'NotIn') {
    findings.push(invalidValue(`${path}.operator`, textOf(requirement.operator), 'not a valid selector operator'));
  } else if (values.length !== 1) {
    const why = "must be only one value when `operator` is 'In' or 'NotIn' for node field selector";
    findings.push(requiredValue(`${path}.values`, why));
  }
  if (requirement.key !== 'metadata.name') {
    findings.push(invalidValue(`${path}.key`, textOf(requirement.key), 'not a valid field selector key'));
    return;
  }
  for (const [index, value] of values.entries()) {
    texts(findings, `${path}.values[${index}]`, value, dns1123Subdomain(textOf(value)));
  }
}

/** Restart policies of single containers, and rules by exit code. */
import { forbiddenField, requiredValue, tooMany, unsupportedValue } from '#kube/status/causes.ts';
import { type Fields, isFields, itemsOf, textOf } from '../../value.ts';
import type { Findings } from '../findings.ts';

const policies = ['Always', 'Never', 'OnFailure'];
const operators = ['In', 'NotIn'];
const mostRules = 20;
const withoutPolicy = 'must specify restartPolicy when restart rules are used';

export function checkRestarts(findings: Findings, path: string, container: Fields): void {
  const { restartPolicy } = container;
  const rules = itemsOf(container.restartPolicyRules);
  if (typeof restartPolicy === 'string') {
    if (!policies.includes(restartPolicy)) {
      findings.push(unsupportedValue(`${path}.restartPolicy`, restartPolicy, policies));
    }
  } else if (rules.length > 0) {
    findings.push(requiredValue(`${path}.restartPolicy`, withoutPolicy));
  }
  const at = `${path}.restartPolicyRules`;
  if (rules.length > mostRules) findings.push(tooMany(at, rules.length, mostRules));
  for (const [index, rule] of rules.entries()) checkRule(findings, `${at}[${index}]`, rule);
}

/** Of init containers: those that always restart are sidecars, which no rule ends. */
export function checkInitRestarts(findings: Findings, path: string, container: Fields): void {
  const ruled = itemsOf(container.restartPolicyRules).length > 0;
  if (ruled && typeof container.restartPolicy !== 'string') {
    findings.push(requiredValue(`${path}.restartPolicy`, withoutPolicy));
  } else if (ruled && container.restartPolicy === 'Always') {
    const why = 'restartPolicyRules are not allowed for init containers with restart policy Always';
    findings.push(forbiddenField(`${path}.restartPolicyRules`, why));
  } else checkRestarts(findings, path, container);
}

function checkRule(findings: Findings, path: string, rule: Fields): void {
  if (rule.action !== 'Restart') findings.push(unsupportedValue(`${path}.action`, textOf(rule.action), ['Restart']));
  const codes = rule.exitCodes;
  if (!isFields(codes)) findings.push(requiredValue(`${path}.exitCodes`, 'must be specified'));
  else if (!operators.includes(codes.operator as string)) {
    findings.push(unsupportedValue(`${path}.exitCodes.operator`, textOf(codes.operator), operators));
  }
}

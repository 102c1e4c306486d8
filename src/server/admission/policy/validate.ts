/** What may be wrong with policies, their bindings and match conditions, in kube-apiserver's words. */
import { compileExpression, expressionEnvironment } from '#apis/kubernetes/expressions/environment.ts';
import {
  boolOnly,
  type Composition,
  compose,
  type MatchCondition,
  type MatchResources,
  type Policy,
  type PolicyBinding,
  type PolicySpec,
  type PolicyValidation,
  stringOrNull,
} from '#apis/kubernetes/expressions/policy.ts';
import { checkRules } from '#apis/kubernetes/native/validate/extensions/webhooks.ts';
import { checkLabelSelector } from '#apis/kubernetes/native/validate/labels.ts';
import { dns1035Label, dns1123Subdomain, qualifiedName } from '#kube/names/validate.ts';
import {
  duplicateValue,
  forbiddenField,
  invalidValue,
  requiredValue,
  tooMany,
  unsupportedValue,
} from '#kube/status/causes.ts';
import type { StatusCause } from '#kube/status/status.ts';

type Findings = StatusCause[];

const failurePolicies = ['Fail', 'Ignore'];
const matchPolicies = ['Equivalent', 'Exact'];
const reasons = ['Forbidden', 'Invalid', 'RequestEntityTooLarge'];
const actions = ['Audit', 'Deny', 'Warn'];
const mostConditions = 64;
const mostAnnotations = 20;
const longestAnnotationExpression = 5 * 1024;

const isBlank = (text: string | undefined): boolean => (text ?? '').trim() === '';

export function policyFindings({ metadata, spec }: Policy): readonly StatusCause[] {
  const findings: Findings = [];
  const { failurePolicy, paramKind, matchConstraints, validations = [], auditAnnotations = [] } = spec;
  if (failurePolicy === undefined) findings.push(requiredValue('spec.failurePolicy'));
  else if (!failurePolicies.includes(failurePolicy)) {
    findings.push(unsupportedValue('spec.failurePolicy', failurePolicy, failurePolicies));
  }
  if (paramKind) checkParamKind(findings, paramKind);
  if (!matchConstraints) findings.push(requiredValue('spec.matchConstraints'));
  else {
    checkResources(findings, 'spec.matchConstraints', matchConstraints);
    if ((matchConstraints.resourceRules ?? []).length === 0) {
      findings.push(requiredValue('spec.matchConstraints.resourceRules'));
    }
  }
  findings.push(...conditionFindings('spec.matchConditions', spec.matchConditions ?? [], paramKind !== undefined));
  const composition = compose(spec);
  checkVariables(findings, spec, composition);
  if (validations.length === 0 && auditAnnotations.length === 0) {
    const why = 'validations or auditAnnotations must contain at least one item';
    findings.push(requiredValue('spec.validations', why), requiredValue('spec.auditAnnotations', why));
    return findings;
  }
  for (const [index, each] of validations.entries()) {
    checkValidation(findings, `spec.validations[${index}]`, each, composition);
  }
  checkAnnotations(findings, metadata.name ?? '', spec, composition);
  return findings;
}

function checkParamKind(
  findings: Findings,
  { apiVersion = '', kind = '' }: NonNullable<PolicySpec['paramKind']>,
): void {
  const at = 'spec.paramKind.apiVersion';
  const parts = apiVersion.split('/');
  if (apiVersion === '') findings.push(requiredValue(at));
  else if (parts.length > 2) {
    findings.push(invalidValue(at, apiVersion, `unexpected GroupVersion string: ${apiVersion}`));
  } else {
    const [version = '', group = ''] = parts.toReversed();
    const groupErrors = group === '' ? [] : dns1123Subdomain(group);
    if (groupErrors.length > 0) findings.push(invalidValue(at, group, groupErrors.join(',')));
    const versionErrors = version === '' ? [] : dns1035Label(version);
    if (version === '') findings.push(invalidValue(at, apiVersion, 'version must be specified'));
    else if (versionErrors.length > 0) findings.push(invalidValue(at, version, versionErrors.join(',')));
  }
  const errors = kind === '' ? [] : dns1035Label(kind.toLowerCase());
  if (kind === '') findings.push(requiredValue('spec.paramKind.kind'));
  else if (errors.length > 0) {
    const why = `may have mixed case, but should otherwise match: ${errors.join(',')}`;
    findings.push(invalidValue('spec.paramKind.kind', kind, why));
  }
}

function checkResources(findings: Findings, path: string, resources: MatchResources): void {
  const { matchPolicy, namespaceSelector, objectSelector, resourceRules = [], excludeResourceRules = [] } = resources;
  if (matchPolicy === undefined) findings.push(requiredValue(`${path}.matchPolicy`));
  else if (!matchPolicies.includes(matchPolicy)) {
    findings.push(unsupportedValue(`${path}.matchPolicy`, matchPolicy, matchPolicies));
  }
  for (const [name, selector] of Object.entries({ namespaceSelector, objectSelector })) {
    if (selector === undefined) findings.push(requiredValue(`${path}.${name}`));
    else checkLabelSelector(findings, `${path}.${name}`, selector);
  }
  for (const [name, rules] of Object.entries({ resourceRules, excludeResourceRules })) {
    for (const [index, rule] of rules.entries()) {
      const at = `${path}.${name}[${index}]`;
      const seen = new Set<string>();
      for (const [each, resourceName] of (rule.resourceNames ?? []).entries()) {
        const here = `${at}.resourceNames[${each}]`;
        for (const why of segmentErrors(resourceName)) findings.push(invalidValue(here, resourceName, why));
        if (seen.has(resourceName)) findings.push(duplicateValue(here, resourceName));
        seen.add(resourceName);
      }
      checkRules(findings, at, rule as never);
    }
  }
}

function segmentErrors(name: string): readonly string[] {
  if (name === '.' || name === '..') return [`may not be '${name}'`];
  return ['/', '%'].filter((part) => name.includes(part)).map((part) => `may not contain '${part}'`);
}

const conditionEnvironments = {
  plain: expressionEnvironment({ params: false, authorizer: true }),
  params: expressionEnvironment({ params: true, authorizer: true }),
};

export function conditionFindings(
  path: string,
  conditions: readonly MatchCondition[],
  params = false,
): readonly StatusCause[] {
  const findings: Findings = [];
  if (conditions.length > mostConditions) findings.push(tooMany(path, conditions.length, mostConditions));
  const names = new Set<string>();
  for (const [index, { name = '', expression = '' }] of conditions.entries()) {
    const at = `${path}[${index}]`;
    const text = expression.trim();
    const environment = params ? conditionEnvironments.params : conditionEnvironments.plain;
    const { error } = text === '' ? {} : compileExpression(environment, text, boolOnly);
    if (text === '') findings.push(requiredValue(`${at}.expression`));
    if (error !== undefined) findings.push(invalidValue(`${at}.expression`, text, error));
    if (name === '') findings.push(requiredValue(`${at}.name`));
    else for (const why of qualifiedName(name)) findings.push(invalidValue(`${at}.name`, name, why));
    if (name !== '' && names.has(name)) findings.push(duplicateValue(`${at}.name`, name));
    names.add(name);
  }
  return findings;
}

const reserved = new Set(
  'true false null in as break const continue else for function if import let loop package namespace return var void while'.split(
    ' ',
  ),
);
const isIdentifier = (name: string) => /^[_a-zA-Z][_a-zA-Z0-9]*$/.test(name) && !reserved.has(name);

function checkVariables(findings: Findings, { variables = [] }: PolicySpec, composition: Composition): void {
  for (const [index, { name, expression }] of variables.entries()) {
    const at = `spec.variables[${index}]`;
    if (isBlank(name)) findings.push(requiredValue(`${at}.name`, 'name is not specified'));
    else if (!isIdentifier(name)) findings.push(invalidValue(`${at}.name`, name, 'must be a valid CEL identifier'));
    const { error } = composition.variables[index]!.compiled;
    if (isBlank(expression)) findings.push(requiredValue(`${at}.expression`, 'expression is not specified'));
    else if (error !== undefined) findings.push(invalidValue(`${at}.expression`, expression, error));
  }
}

function checkValidation(
  findings: Findings,
  path: string,
  { expression, message = '', messageExpression = '', reason }: PolicyValidation,
  composition: Composition,
): void {
  if (isBlank(expression)) findings.push(requiredValue(`${path}.expression`, 'expression is not specified'));
  else {
    const { error } = composition.compile(expression, boolOnly);
    if (error !== undefined) findings.push(invalidValue(`${path}.expression`, expression, error));
  }
  const empty = 'must be non-empty if specified';
  if (messageExpression !== '') {
    const error = isBlank(messageExpression) ? empty : composition.compileMessage(messageExpression).error;
    if (error !== undefined) findings.push(invalidValue(`${path}.messageExpression`, messageExpression, error));
  }
  if (message !== '' && isBlank(message)) findings.push(invalidValue(`${path}.message`, message, empty));
  else if (/[\n\r]/.test(message.trim())) {
    findings.push(invalidValue(`${path}.message`, message, 'must not contain line breaks'));
  }
  if (reason !== undefined && !reasons.includes(reason)) {
    findings.push(unsupportedValue(`${path}.reason`, reason, reasons));
  }
}

function checkAnnotations(
  findings: Findings,
  policy: string,
  { auditAnnotations = [] }: PolicySpec,
  composition: Composition,
): void {
  if (auditAnnotations.length > mostAnnotations) {
    const why = `must not have more than ${mostAnnotations} auditAnnotations`;
    findings.push(invalidValue('spec.auditAnnotations', auditAnnotations, why));
  }
  const keys = new Set<string>();
  for (const [index, { key = '', valueExpression = '' }] of auditAnnotations.entries()) {
    const at = `spec.auditAnnotations[${index}]`;
    const name = `${policy}/${key}`;
    for (const why of qualifiedName(name)) findings.push(invalidValue(`${at}.key`, name, why));
    const text = valueExpression.trim();
    if (text === '') findings.push(requiredValue(`${at}.valueExpression`, 'valueExpression is not specified'));
    else if (text.length > longestAnnotationExpression) {
      const why = `must not exceed ${longestAnnotationExpression} bytes in length`;
      findings.push(requiredValue(`${at}.valueExpression`, why));
    } else {
      const { error } = composition.compile(text, stringOrNull);
      if (error !== undefined) findings.push(invalidValue(`${at}.valueExpression`, valueExpression, error));
    }
    if (keys.has(key)) findings.push(duplicateValue(`${at}.key`, key));
    keys.add(key);
  }
}

export function bindingFindings({ spec }: PolicyBinding): readonly StatusCause[] {
  const findings: Findings = [];
  const { policyName = '', paramRef, matchResources, validationActions = [] } = spec;
  if (policyName === '') findings.push(requiredValue('spec.policyName'));
  for (const why of policyName === '' ? [] : dns1123Subdomain(policyName)) {
    findings.push(invalidValue('spec.policyName', policyName, why));
  }
  if (paramRef) checkParamRef(findings, paramRef);
  if (matchResources) checkResources(findings, 'spec.matchResources', matchResources);
  checkActions(findings, validationActions);
  return findings;
}

function checkParamRef(findings: Findings, paramRef: NonNullable<PolicyBinding['spec']['paramRef']>): void {
  const at = 'spec.paramRef';
  const { name = '', selector, parameterNotFoundAction: action = '' } = paramRef;
  const exclusive = 'name and selector are mutually exclusive';
  for (const why of segmentErrors(name)) findings.push(invalidValue(`${at}.name`, name, why));
  if (name && selector) findings.push(forbiddenField(`${at}.name`, exclusive));
  if (selector) checkLabelSelector(findings, `${at}.selector`, selector);
  if (name && selector) findings.push(forbiddenField(`${at}.selector`, exclusive));
  if (!name && !selector) findings.push(requiredValue(at, 'one of name or selector must be specified'));
  if (action === '') findings.push(requiredValue(`${at}.parameterNotFoundAction`));
  else if (action !== 'Deny' && action !== 'Allow') {
    findings.push(unsupportedValue(`${at}.parameterNotFoundAction`, action, ['Deny', 'Allow']));
  }
}

function checkActions(findings: Findings, given: readonly string[]): void {
  const at = 'spec.validationActions';
  for (const [index, action] of given.entries()) {
    if (!actions.includes(action)) findings.push(unsupportedValue(`${at}[${index}]`, action, actions));
    if (given.indexOf(action) < index) findings.push(duplicateValue(`${at}[${index}]`, action));
  }
  if (given.includes('Deny') && given.includes('Warn')) {
    const why =
      'must not contain both Deny and Warn (repeating the same validation failure information in the API response and headers serves no purpose)';
    findings.push(invalidValue(at, given, why));
  }
  if (given.length === 0) findings.push(requiredValue(at, 'at least one validation action is required'));
}

/** FlowSchemas and PriorityLevelConfigurations: who shares the server's seats with whom. */
import type { KubeObject } from '#kube/meta/object.ts';
import { dns1123Label, dns1123Subdomain } from '#kube/names/validate.ts';
import { forbiddenField, invalidValue, requiredValue, unsupportedValue } from '#kube/status/causes.ts';
import { contentOf } from '../../prepare/preparation.ts';
import { type Fields, fieldsOf, isFields, itemsOf, textOf } from '../../value.ts';
import { type Findings, requireText, texts } from '../findings.ts';

const largestPrecedence = 10_000;

export function validateFlowSchema(object: KubeObject): Findings {
  const findings: Findings = [];
  const spec = fieldsOf(contentOf(object).spec);
  checkPrecedence(findings, 'spec.matchingPrecedence', Number(spec.matchingPrecedence ?? 0), object.metadata.name);
  if (isFields(spec.distinguisherMethod)) {
    const { type } = spec.distinguisherMethod;
    const methods = ['ByNamespace', 'ByUser'];
    if (!methods.includes(textOf(type))) {
      findings.push(unsupportedValue('spec.distinguisherMethod.type', { Type: type }, methods));
    }
  }
  const { name } = fieldsOf(spec.priorityLevelConfiguration);
  const path = 'spec.priorityLevelConfiguration.name';
  if (requireText(findings, path, name, 'must reference a priority level')) {
    texts(findings, path, name, dns1123Subdomain(name));
  }
  for (const [index, rule] of itemsOf(spec.rules).entries()) checkRules(findings, `spec.rules[${index}]`, rule);
  return findings;
}

function checkPrecedence(findings: Findings, path: string, precedence: number, name: string | undefined): void {
  if (precedence <= 0) findings.push(invalidValue(path, precedence, 'must be a positive value'));
  if (precedence > largestPrecedence) {
    findings.push(invalidValue(path, precedence, `must not be greater than ${largestPrecedence}`));
  }
  if (precedence === 1 && name !== 'exempt') {
    findings.push(invalidValue(path, precedence, "only the schema named 'exempt' may have matchingPrecedence 1"));
  }
}

function checkRules(findings: Findings, path: string, rules: Fields): void {
  const subjects = itemsOf(rules.subjects);
  const resourceRules = itemsOf(rules.resourceRules);
  const otherRules = itemsOf(rules.nonResourceRules);
  for (const [index, subject] of subjects.entries()) checkSubject(findings, `${path}.subjects[${index}]`, subject);
  if (subjects.length === 0) {
    findings.push(requiredValue(`${path}.subjects`, 'subjects must contain at least one value'));
  }
  if (resourceRules.length === 0 && otherRules.length === 0) {
    findings.push(requiredValue(path, 'at least one of resourceRules and nonResourceRules has to be non-empty'));
  }
  for (const [index, rule] of resourceRules.entries()) {
    checkResourceRule(findings, `${path}.resourceRules[${index}]`, rule);
  }
  for (const [index, rule] of otherRules.entries()) {
    const at = `${path}.nonResourceRules[${index}]`;
    checkVerbs(findings, `${at}.verbs`, rule.verbs);
    const none = 'nonResourceURLs must contain at least one value';
    checkList(findings, `${at}.nonResourceURLs`, rule.nonResourceURLs, none, 'non-resource URLs');
  }
}

/** Field of a subject for each kind. */
const subjectFields: Readonly<Record<string, string>> = {
  Group: 'group',
  ServiceAccount: 'serviceAccount',
  User: 'user',
};

function checkSubject(findings: Findings, path: string, subject: Fields): void {
  const kind = textOf(subject.kind);
  const own = subjectFields[kind];
  if (own === undefined) {
    findings.push(unsupportedValue(`${path}.kind`, kind, Object.keys(subjectFields)));
    return;
  }
  for (const [other, field] of Object.entries(subjectFields)) {
    const at = `${path}.${field}`;
    const given = subject[field];
    if (field !== own) {
      if (isFields(given)) {
        findings.push(forbiddenField(at, `${field} is forbidden when subject kind is not '${other}'`));
      }
    } else if (!isFields(given)) {
      findings.push(requiredValue(at, `${field} is required when subject kind is '${kind}'`));
    } else if (requireText(findings, `${at}.name`, given.name) && kind === 'ServiceAccount') {
      if (given.name !== '*') texts(findings, `${at}.name`, given.name, dns1123Subdomain(given.name));
    }
    if (field === own && kind === 'ServiceAccount' && isFields(given)) {
      const why = 'must specify namespace for service account';
      if (requireText(findings, `${at}.namespace`, given.namespace, why)) {
        texts(findings, `${at}.namespace`, given.namespace, dns1123Label(given.namespace));
      }
    }
  }
}

const stringsOf = (value: unknown): readonly string[] => itemsOf(value) as readonly unknown[] as readonly string[];

/** At least one, and '*' by itself. Answers whether the items are to be looked at one by one. */
function checkList(findings: Findings, path: string, value: unknown, none: string, others: string): boolean {
  const items = stringsOf(value);
  if (items.length === 0) findings.push(requiredValue(path, none));
  if (!items.includes('*')) return items.length > 0;
  if (items.length > 1) findings.push(invalidValue(path, items, `if '*' is present, must not specify other ${others}`));
  return false;
}

const verbs = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'proxy', 'update', 'watch'];

function checkVerbs(findings: Findings, path: string, value: unknown): void {
  if (!checkList(findings, path, value, 'verbs must contain at least one value', 'verbs')) return;
  if (!stringsOf(value).every((verb) => verbs.includes(verb))) findings.push(unsupportedValue(path, value, verbs));
}

function checkResourceRule(findings: Findings, path: string, rule: Fields): void {
  checkVerbs(findings, `${path}.verbs`, rule.verbs);
  const noGroup = 'resource rules must supply at least one api group';
  checkList(findings, `${path}.apiGroups`, rule.apiGroups, noGroup, 'api groups');
  const noResource = 'resource rules must supply at least one resource';
  checkList(findings, `${path}.resources`, rule.resources, noResource, 'resources');
  const namespaces = stringsOf(rule.namespaces);
  if (namespaces.length === 0 && rule.clusterScope === true) return;
  const noNamespace = 'resource rules that are not cluster scoped must supply at least one namespace';
  if (!checkList(findings, `${path}.namespaces`, rule.namespaces, noNamespace, 'namespaces')) return;
  const intro = "each member of this list must be '*' or a DNS-1123 label; ";
  for (const [index, name] of namespaces.entries()) {
    texts(
      findings,
      `${path}.namespaces[${index}]`,
      name,
      dns1123Label(name).map((text) => `${intro}${text}`),
    );
  }
}

export function validatePriorityLevelConfiguration(object: KubeObject): Findings {
  const findings: Findings = [];
  const { type, limited, exempt } = fieldsOf(contentOf(object).spec);
  if ((object.metadata.name === 'exempt') !== (type === 'Exempt')) {
    findings.push(invalidValue('spec.type', textOf(type), "must be 'Exempt' if and only if `name` is 'exempt'"));
  }
  if (type === 'Exempt') {
    if (isFields(limited)) findings.push(forbiddenField('spec.limited', 'must be nil if the type is not Limited'));
    if (isFields(exempt)) checkShares(findings, 'spec.exempt', exempt);
  } else if (type === 'Limited') {
    if (isFields(exempt)) findings.push(forbiddenField('spec.exempt', 'must be nil if the type is Limited'));
    if (isFields(limited)) checkLimited(findings, 'spec.limited', limited);
    else findings.push(requiredValue('spec.limited', 'must not be empty when type is Limited'));
  } else findings.push(unsupportedValue('spec.type', textOf(type), ['Exempt', 'Limited']));
  return findings;
}

function checkShares(findings: Findings, path: string, { nominalConcurrencyShares, lendablePercent }: Fields): void {
  const shares = Number(nominalConcurrencyShares ?? 0);
  const percent = Number(lendablePercent ?? 0);
  if (shares < 0) {
    findings.push(invalidValue(`${path}.nominalConcurrencyShares`, shares, 'must be a non-negative integer'));
  }
  if (percent < 0 || percent > 100) {
    findings.push(invalidValue(`${path}.lendablePercent`, percent, 'must be between 0 and 100, inclusive'));
  }
}

function checkLimited(findings: Findings, path: string, limited: Fields): void {
  checkShares(findings, path, limited);
  const borrowing = Number(limited.borrowingLimitPercent ?? 0);
  if (borrowing < 0) {
    const why = 'if specified, must be a non-negative integer';
    findings.push(invalidValue(`${path}.borrowingLimitPercent`, borrowing, why));
  }
  const { type, queuing } = fieldsOf(limited.limitResponse);
  const at = `${path}.limitResponse.queuing`;
  if (type === 'Queue') {
    if (isFields(queuing)) checkQueuing(findings, at, queuing);
    else findings.push(requiredValue(at, 'must not be empty if limited.limitResponse.type is Limited'));
  } else if (type !== 'Reject') {
    findings.push(unsupportedValue(`${path}.limitResponse.type`, textOf(type), ['Queue', 'Reject']));
  } else if (isFields(queuing)) {
    findings.push(forbiddenField(at, 'must be nil if limited.limitResponse.type is not Limited'));
  }
}

const mostQueues = 10_000_000;
/** Bits of the hash from which a hand of queues is dealt. */
const hashBits = 60;

function checkQueuing(findings: Findings, path: string, queuing: Fields): void {
  const length = Number(queuing.queueLengthLimit ?? 0);
  const queues = Number(queuing.queues ?? 0);
  const hand = Number(queuing.handSize ?? 0);
  const bits = Math.ceil(Math.log2(queues) * hand);
  const wrong = (name: string, value: number, why: string): void => {
    findings.push(invalidValue(`${path}.${name}`, value, why));
  };
  if (length <= 0) wrong('queueLengthLimit', length, 'must be positive');
  if (queues <= 0) wrong('queues', queues, 'must be positive');
  else if (queues > mostQueues) wrong('queues', queues, `must not be greater than ${mostQueues}`);
  if (hand <= 0) wrong('handSize', hand, 'must be positive');
  else if (hand > queues) wrong('handSize', hand, `should not be greater than queues (${queues})`);
  else if (bits > hashBits) {
    const why = `required entropy bits of deckSize ${queues} and handSize ${hand} should not be greater than ${hashBits}`;
    wrong('handSize', hand, why);
  }
}

/** CustomResourceDefinitions and APIServices: what they are called and what they serve. */
import type { KubeObject } from '#kube/meta/object.ts';
import { dns1035Label, dns1123Subdomain } from '#kube/names/validate.ts';
import { forbiddenField, invalidValue, requiredValue } from '#kube/status/causes.ts';
import { contentOf } from '../../prepare/preparation.ts';
import { type Fields, fieldsOf, isFields, itemsOf, sameValue, textOf } from '../../value.ts';
import { type Findings, immutableText, requireOneOf, requireText } from '../findings.ts';
import { checkClientConfig, checkReviewVersions } from './clients.ts';

const specOf = (object: KubeObject): Fields => fieldsOf(contentOf(object).spec);

export function validateCustomResourceDefinition(object: KubeObject): Findings {
  const findings: Findings = [];
  const spec = specOf(object);
  const names = fieldsOf(spec.names);
  const { name = '', resourceVersion } = object.metadata;
  if (resourceVersion === undefined && name !== `${textOf(names.plural)}.${textOf(spec.group)}`) {
    findings.push(invalidValue('metadata.name', name, 'must be spec.names.plural+"."+spec.group'));
  }
  checkGroup(findings, 'spec.group', textOf(spec.group));
  requireOneOf(findings, 'spec.scope', spec.scope, ['Cluster', 'Namespaced']);
  checkVersions(findings, itemsOf(spec.versions));
  for (const required of ['plural', 'singular', 'kind', 'listKind']) {
    requireText(findings, `spec.names.${required}`, names[required]);
  }
  checkNames(findings, 'spec.names', names);
  checkConversion(findings, 'spec.conversion', fieldsOf(spec.conversion));
  if (resourceVersion === undefined && spec.preserveUnknownFields === true) {
    const why =
      'cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead';
    findings.push(invalidValue('spec.preserveUnknownFields', true, why));
  }
  checkStored(findings, fieldsOf(contentOf(object).status), itemsOf(spec.versions));
  return findings;
}

function checkGroup(findings: Findings, path: string, group: string): void {
  if (!requireText(findings, path, group)) return;
  const wrong = dns1123Subdomain(group);
  if (wrong.length > 0) findings.push(invalidValue(path, group, wrong.join(',')));
  else if (!group.includes('.')) findings.push(invalidValue(path, group, 'should be a domain with at least one dot'));
}

function checkVersions(findings: Findings, versions: readonly Fields[]): void {
  const names = new Set<string>();
  for (const [index, version] of versions.entries()) {
    const at = `spec.versions[${index}]`;
    const name = textOf(version.name);
    const wrong = dns1035Label(name);
    if (wrong.length > 0) findings.push(invalidValue(`${at}.name`, name, wrong.join(',')));
    names.add(name);
    if (version.deprecated !== true && typeof version.deprecationWarning === 'string') {
      const why = 'can only be set for deprecated versions';
      findings.push(invalidValue(`${at}.deprecationWarning`, version.deprecationWarning, why));
    }
  }
  checkServed(findings, versions);
  if (names.size < versions.length) {
    findings.push(invalidValue('spec.versions', versions, 'must contain unique version names'));
  }
  if (versions.filter(({ storage }) => storage === true).length !== 1) {
    const why = 'must have exactly one version marked as storage version';
    findings.push(invalidValue('spec.versions', versions, why));
  }
}

/** kube-apiserver keeps what all versions have in common in the spec itself, and names it there. */
function checkServed(findings: Findings, versions: readonly Fields[]): void {
  const each = (name: string, common: string, check: (path: string, value: unknown) => void): void => {
    const [first] = versions;
    if (first?.[name] !== undefined && versions.every((version) => sameValue(version[name], first[name]))) {
      check(`spec.${common}`, first[name]);
      return;
    }
    for (const [index, version] of versions.entries()) check(`spec.versions[${index}].${name}`, version[name]);
  };
  each('schema', 'validation', (path, schema) => {
    const { openAPIV3Schema: root } = fieldsOf(schema);
    if (isFields(root)) checkRoot(findings, `${path}.openAPIV3Schema`, root);
  });
  for (const [index, { schema }] of versions.entries()) {
    if (isFields(fieldsOf(schema).openAPIV3Schema)) continue;
    findings.push(requiredValue(`spec.versions[${index}].schema.openAPIV3Schema`));
  }
  each('subresources', 'subresources', (path, value) => {
    checkScale(findings, `${path}.scale`, fieldsOf(value).scale);
  });
  each('additionalPrinterColumns', 'additionalPrinterColumns', (path, columns) => {
    checkColumns(findings, path, itemsOf(columns));
  });
}

/** An object is an object; the schema of its parts is the schema room's. */
function checkRoot(findings: Findings, path: string, schema: Fields): void {
  if (!schema.type) findings.push(requiredValue(`${path}.type`, 'must not be empty at the root'));
  else if (schema.type !== 'object')
    findings.push(invalidValue(`${path}.type`, schema.type, 'must be object at the root'));
}

/** JSON paths of plain fields: the replicas in spec and in status. */
function checkScale(findings: Findings, path: string, scale: unknown): void {
  if (!isFields(scale)) return;
  checkFieldPath(findings, `${path}.specReplicasPath`, scale.specReplicasPath, ['.spec']);
  checkFieldPath(findings, `${path}.statusReplicasPath`, scale.statusReplicasPath, ['.status']);
  if (!scale.labelSelectorPath) return;
  checkFieldPath(findings, `${path}.labelSelectorPath`, scale.labelSelectorPath, ['.spec', '.status']);
}

function checkFieldPath(findings: Findings, path: string, value: unknown, parts: readonly string[]): void {
  const text = textOf(value);
  if (text === '') findings.push(requiredValue(path));
  else if (!text.startsWith('.') || /[[\]'"]/.test(text)) {
    findings.push(invalidValue(path, text, 'must be a simple json path starting with .'));
  } else if (!parts.some((part) => text.startsWith(`${part}.`))) {
    const under = parts.length === 1 ? parts[0] : `either ${parts.join(' or ')}`;
    findings.push(invalidValue(path, text, `should be a json path under ${under}`));
  }
}

const columnTypes = ['boolean', 'date', 'integer', 'number', 'string'];

function checkColumns(findings: Findings, path: string, columns: readonly Fields[]): void {
  for (const [index, column] of columns.entries()) {
    const at = `${path}[${index}]`;
    requireText(findings, `${at}.name`, column.name);
    const why = `must be one of ${columnTypes.join(',')}`;
    if (requireText(findings, `${at}.type`, column.type, why) && !columnTypes.includes(column.type)) {
      findings.push(invalidValue(`${at}.type`, column.type, why));
    }
    requireText(findings, `${at}.JSONPath`, column.jsonPath);
  }
}

function checkNames(findings: Findings, path: string, names: Fields): void {
  for (const field of ['plural', 'singular', 'kind', 'listKind']) {
    const value = textOf(names[field]);
    const kind = field === 'kind' || field === 'listKind';
    const wrong = value === '' ? [] : dns1035Label(kind ? value.toLowerCase() : value);
    if (wrong.length === 0) continue;
    const prefix = kind ? 'may have mixed case, but should otherwise match: ' : '';
    findings.push(invalidValue(`${path}.${field}`, value, `${prefix}${wrong.join(',')}`));
  }
  for (const list of ['shortNames', 'categories']) {
    for (const [index, value] of (itemsOf(names[list]) as readonly unknown[]).entries()) {
      const wrong = dns1035Label(textOf(value));
      if (wrong.length > 0) findings.push(invalidValue(`${path}.${list}[${index}]`, value, wrong.join(',')));
    }
  }
  if (names.kind && names.kind === names.listKind) {
    findings.push(invalidValue(`${path}.listKind`, names.listKind, 'kind and listKind may not be the same'));
  }
}

function checkConversion(findings: Findings, path: string, conversion: Fields): void {
  const { strategy, webhook } = conversion;
  requireOneOf(findings, `${path}.strategy`, strategy, ['None', 'Webhook']);
  const client = `${path}.webhookClientConfig`;
  const { clientConfig, conversionReviewVersions: versions } = fieldsOf(webhook);
  if (strategy === 'Webhook') {
    if (isFields(clientConfig)) checkClientConfig(findings, client, clientConfig);
    else findings.push(requiredValue(client, 'required when strategy is set to Webhook'));
    checkReviewVersions(findings, `${path}.conversionReviewVersions`, versions, true);
  } else if (isFields(clientConfig)) {
    findings.push(forbiddenField(client, 'should not be set when strategy is not set to Webhook'));
  }
}

function checkStored(findings: Findings, status: Fields, versions: readonly Fields[]): void {
  const stored = itemsOf(status.storedVersions) as readonly unknown[];
  const path = 'status.storedVersions';
  if (stored.length === 0) {
    findings.push(invalidValue(path, stored, 'must have at least one stored version'));
    return;
  }
  for (const { name, storage } of versions) {
    if (storage === true && !stored.includes(name)) {
      findings.push(invalidValue(path, stored, `must have the storage version ${textOf(name)}`));
    }
  }
  for (const [index, name] of stored.entries()) {
    if (versions.some((version) => version.name === name)) continue;
    const version = textOf(name);
    const why =
      `missing from spec.versions; ${version} was previously a storage version, and must remain in spec.versions ` +
      `until a storage migration ensures no data remains persisted in ${version} and removes ${version} from ` +
      'status.storedVersions';
    findings.push(invalidValue(`${path}[${index}]`, name, why));
  }
}

export function validateCustomResourceDefinitionUpdate(object: KubeObject, old: KubeObject): Findings {
  const findings: Findings = [];
  const spec = specOf(object);
  const before = specOf(old);
  const check = (path: string, value: unknown, was: unknown): void => {
    if (value !== was) findings.push(invalidValue(path, value, immutableText));
  };
  const conditions = itemsOf(fieldsOf(contentOf(old).status).conditions);
  if (conditions.some(({ type, status }) => type === 'Established' && status === 'True')) {
    check('spec.scope', spec.scope, before.scope);
    check('spec.names.kind', fieldsOf(spec.names).kind, fieldsOf(before.names).kind);
  }
  check('spec.group', spec.group, before.group);
  check('spec.names.plural', fieldsOf(spec.names).plural, fieldsOf(before.names).plural);
  return findings;
}

export function validateApiService(object: KubeObject): Findings {
  const findings: Findings = [];
  const spec = specOf(object);
  const group = textOf(spec.group);
  const version = textOf(spec.version);
  const { name = '' } = object.metadata;
  if (name !== `${version}.${group}`) {
    const why = `must be \`spec.version+"."+spec.group\`: ${JSON.stringify(`${version}.${group}`)}`;
    findings.push(invalidValue('metadata.name', name, why));
  }
  if (group === '' && version !== 'v1') {
    const why = 'only v1 may have an empty group and it better be legacy kube';
    findings.push(requiredValue('spec.group', why));
  }
  if (group !== '') for (const text of dns1123Subdomain(group)) findings.push(invalidValue('spec.group', group, text));
  for (const text of dns1035Label(version)) findings.push(invalidValue('spec.version', version, text));
  checkPriority(findings, 'groupPriorityMinimum', spec.groupPriorityMinimum, 20000);
  checkPriority(findings, 'versionPriority', spec.versionPriority, 1000);
  if (isFields(spec.service)) {
    requireText(findings, 'spec.service.namespace', spec.service.namespace);
    requireText(findings, 'spec.service.name', spec.service.name);
    const { port } = spec.service;
    if (typeof port === 'number' && (port < 1 || port > 65535)) {
      const why = 'port is not valid: must be between 1 and 65535, inclusive';
      findings.push(invalidValue('spec.service.port', port, why));
    }
    if (spec.insecureSkipTLSVerify === true && spec.caBundle) {
      findings.push(invalidValue('spec.insecureSkipTLSVerify', true, 'may not be true if caBundle is present'));
    }
  } else if (spec.insecureSkipTLSVerify === true) {
    findings.push(
      invalidValue('spec.insecureSkipTLSVerify', true, 'local APIServices may not have insecureSkipTLSVerify'),
    );
  }
  return findings;
}

function checkPriority(findings: Findings, name: string, value: unknown, most: number): void {
  const number = Number(value ?? 0);
  if (number > 0 && number <= most) return;
  findings.push(invalidValue(`spec.${name}`, number, `must be positive and less than ${most}`));
}

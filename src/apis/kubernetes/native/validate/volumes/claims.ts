/** PersistentVolumeClaims: what they must say, and what may change once they exist. */
import type { KubeObject } from '#kube/meta/object.ts';
import { dns1123Label, dns1123Subdomain } from '#kube/names/validate.ts';
import { compareQuantity, formatQuantity, parseQuantity } from '#kube/quantity/quantity.ts';
import { forbiddenField, invalidValue, requiredValue, unsupportedValue } from '#kube/status/causes.ts';
import { describeDifferences } from '../../differences.ts';
import { contentOf } from '../../prepare/preparation.ts';
import { type Fields, fieldsOf, isFields, isNothing, sameValue, textOf, withField } from '../../value.ts';
import { type Findings, immutableText, requireText, texts } from '../findings.ts';
import { checkLabelSelector } from '../labels.ts';

const accessModes = ['ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOnce', 'ReadWriteOncePod'];
const volumeModes = ['Block', 'Filesystem'];

/** Of claims and PersistentVolumes. */
export function checkAccess(findings: Findings, path: string, spec: Fields, detail: string): void {
  const modes = Array.isArray(spec.accessModes) ? (spec.accessModes as readonly string[]) : [];
  if (modes.length === 0) findings.push(requiredValue(`${path}.accessModes`, detail));
  for (const mode of modes) {
    if (!accessModes.includes(mode)) findings.push(unsupportedValue(`${path}.accessModes`, mode, accessModes));
  }
  const known = modes.filter((mode) => accessModes.includes(mode));
  if (known.includes('ReadWriteOncePod') && known.some((mode) => mode !== 'ReadWriteOncePod')) {
    findings.push(forbiddenField(`${path}.accessModes`, 'may not use ReadWriteOncePod with other access modes'));
  }
}

export function checkVolumeMode(findings: Findings, path: string, mode: unknown): void {
  if (typeof mode === 'string' && !volumeModes.includes(mode)) {
    findings.push(unsupportedValue(`${path}.volumeMode`, mode, volumeModes));
  }
}

export function checkClaimSpec(findings: Findings, path: string, spec: Fields): void {
  checkLabelSelector(findings, `${path}.selector`, spec.selector);
  checkAccess(findings, path, spec, 'at least 1 access mode is required');
  const size = fieldsOf(fieldsOf(spec.resources).requests).storage;
  if (isNothing(size)) findings.push(requiredValue(`${path}.resources[storage]`));
  else {
    const amount = parseQuantity(size as string);
    if (amount.nano <= 0n) {
      findings.push(invalidValue(`${path}.resources[storage]`, formatQuantity(amount), 'must be greater than zero'));
    }
  }
  const className = textOf(spec.storageClassName);
  if (className !== '') texts(findings, `${path}.storageClassName`, className, dns1123Subdomain(className));
  checkVolumeMode(findings, path, spec.volumeMode);
  if (isFields(spec.dataSource)) checkSource(findings, `${path}.dataSource`, spec.dataSource);
  if (isFields(spec.dataSourceRef)) checkSource(findings, `${path}.dataSourceRef`, spec.dataSourceRef);
  if (isFields(spec.dataSource) && isFields(spec.dataSourceRef) && !sameValue(spec.dataSource, spec.dataSourceRef)) {
    findings.push(invalidValue(path, `${path}.dataSource`, 'must match dataSourceRef'));
  }
  const attributes = textOf(spec.volumeAttributesClassName);
  if (attributes !== '') texts(findings, `${path}.volumeAttributesClassName`, attributes, dns1123Subdomain(attributes));
}

function checkSource(findings: Findings, path: string, source: Fields): void {
  requireText(findings, `${path}.name`, source.name);
  requireText(findings, `${path}.kind`, source.kind);
  const group = textOf(source.apiGroup);
  if (group === '' && source.kind !== 'PersistentVolumeClaim') {
    const why = "must be 'PersistentVolumeClaim' when referencing the default apiGroup";
    findings.push(invalidValue(path, textOf(source.kind), why));
  }
  if (group !== '') texts(findings, `${path}.apiGroup`, group, dns1123Subdomain(group));
  const namespace = textOf(source.namespace);
  if (namespace !== '') texts(findings, `${path}.namespace`, namespace, dns1123Label(namespace));
}

export function validateClaim(claim: KubeObject): Findings {
  const findings: Findings = [];
  checkClaimSpec(findings, 'spec', fieldsOf(contentOf(claim).spec));
  return findings;
}

export function validateClaimUpdate(claim: KubeObject, old: KubeObject): Findings {
  const findings: Findings = [];
  const spec = fieldsOf(contentOf(claim).spec);
  const before = fieldsOf(contentOf(old).spec);
  const status = fieldsOf(contentOf(claim).status);
  const comparable = comparableSpec(spec, before, status.phase === 'Bound');
  if (!sameValue(comparable, before)) {
    const why =
      'spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims';
    findings.push(forbiddenField('spec', `${why}${describeDifferences(before, comparable, 'spec')}`));
  }
  checkShrink(findings, spec, before, status);
  if (spec.volumeMode !== before.volumeMode) {
    findings.push(invalidValue('volumeMode', spec.volumeMode, immutableText));
  }
  checkAttributesClass(findings, spec.volumeAttributesClassName, before, fieldsOf(contentOf(old).status));
  return findings;
}

/** Attributes that were once applied to the volume stay named. */
function checkAttributesClass(findings: Findings, name: unknown, before: Fields, status: Fields): void {
  if (name === before.volumeAttributesClassName || isNothing(status.currentVolumeAttributesClassName)) return;
  if (name) return;
  const to = isNothing(name) ? 'nil' : 'empty string';
  const why = `update to ${to} is forbidden when status.currentVolumeAttributesClassName is not nil`;
  findings.push(forbiddenField('spec.volumeAttributesClassName', why));
}

/** With what may change made equal: the volume once bound, a class where there was none, size and attributes when bound. */
function comparableSpec(spec: Fields, before: Fields, bound: boolean): Fields {
  let next = before.volumeName ? spec : withField(spec, 'volumeName', before.volumeName);
  if (isNothing(before.storageClassName)) next = withField(next, 'storageClassName', undefined);
  if (!bound) return next;
  next = withField(next, 'volumeAttributesClassName', before.volumeAttributesClassName);
  const { storage } = fieldsOf(fieldsOf(before.resources).requests);
  const resources = fieldsOf(next.resources);
  const requests = withField(fieldsOf(resources.requests), 'storage', storage);
  return { ...next, resources: { ...resources, requests } };
}

/** Back to an earlier size is allowed while an expansion has not been carried out. */
function checkShrink(findings: Findings, spec: Fields, before: Fields, status: Fields): void {
  const size = (of: Fields) => parseQuantity(textOf(fieldsOf(fieldsOf(of.resources).requests).storage) || '0');
  const capacity = parseQuantity(textOf(fieldsOf(status.capacity).storage) || '0');
  if (compareQuantity(size(spec), size(before)) >= 0 || compareQuantity(size(spec), capacity) > 0) return;
  findings.push(forbiddenField('spec.resources.requests.storage', 'field can not be less than status.capacity'));
}

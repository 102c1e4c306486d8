/** PersistentVolumes: one source, storage as their capacity; the source never changes. */
import type { KubeObject } from '#kube/meta/object.ts';
import { dns1123Subdomain } from '#kube/names/validate.ts';
import { formatQuantity, parseQuantity, quantityValue } from '#kube/quantity/quantity.ts';
import { forbiddenField, invalidValue, requiredValue, unsupportedValue } from '#kube/status/causes.ts';
import { describeDifferences } from '../../differences.ts';
import { contentOf } from '../../prepare/preparation.ts';
import { type Fields, fieldsOf, isFields, isNothing, sameValue, textOf } from '../../value.ts';
import { type Findings, immutableText, texts } from '../findings.ts';
import { shownMap } from '../labels.ts';
import { checkNodeSelector } from '../pods/node-affinity.ts';
import { checkAccess, checkVolumeMode } from './claims.ts';
import { checkPersistentSource, persistentSources } from './sources.ts';

const reclaimPolicies = ['Delete', 'Recycle', 'Retain'];

export function validatePersistentVolume(volume: KubeObject): Findings {
  const findings: Findings = [];
  const spec = fieldsOf(contentOf(volume).spec);
  checkAccess(findings, 'spec', spec, '');
  checkCapacity(findings, spec.capacity);
  const policy = textOf(spec.persistentVolumeReclaimPolicy);
  if (policy !== '' && !reclaimPolicies.includes(policy)) {
    findings.push(unsupportedValue('spec.persistentVolumeReclaimPolicy', policy, reclaimPolicies));
  }
  const affinity = fieldsOf(spec.nodeAffinity);
  if (isFields(spec.nodeAffinity)) {
    if (!isFields(affinity.required)) {
      findings.push(requiredValue('spec.nodeAffinity.required', 'must specify required node constraints'));
    } else checkNodeSelector(findings, 'spec.nodeAffinity.required', affinity.required);
  }
  checkPersistentSource(findings, 'spec', spec);
  const host = fieldsOf(spec.hostPath).path;
  if (policy === 'Recycle' && textOf(host).replace(/\/+$/, '') === '' && isFields(spec.hostPath)) {
    const why = "may not be 'recycle' for a hostPath mount of '/'";
    findings.push(forbiddenField('spec.persistentVolumeReclaimPolicy', why));
  }
  const className = textOf(spec.storageClassName);
  if (className !== '') texts(findings, 'spec.storageClassName', className, dns1123Subdomain(className));
  checkVolumeMode(findings, 'spec', spec.volumeMode);
  checkAttributesClass(findings, spec);
  return findings;
}

function checkAttributesClass(findings: Findings, spec: Fields): void {
  const name = spec.volumeAttributesClassName;
  const path = 'spec.volumeAttributesClassName';
  if (typeof name !== 'string') return;
  if (name === '') findings.push(requiredValue(path, 'an empty string is disallowed'));
  else texts(findings, path, name, dns1123Subdomain(name));
  if (!isFields(spec.csi)) {
    findings.push(requiredValue('spec.csi', 'has to be specified when using volumeAttributesClassName'));
  }
}

function checkCapacity(findings: Findings, capacity: unknown): void {
  const amounts = fieldsOf(capacity);
  const names = Object.keys(amounts);
  if (names.length === 0) findings.push(requiredValue('spec.capacity'));
  if (amounts.storage === undefined || names.length > 1) {
    findings.push(unsupportedValue('spec.capacity', shownMap(capacity), ['storage']));
  }
  for (const name of names) {
    const amount = parseQuantity(amounts[name] as string);
    const value = quantityValue(amount);
    if (value < 0) findings.push(invalidValue(`spec.capacity[${name}]`, value, 'must be a valid resource quantity'));
    if (amount.nano <= 0n) {
      findings.push(invalidValue(`spec.capacity[${name}]`, formatQuantity(amount), 'must be greater than zero'));
    }
  }
}

export function validatePersistentVolumeUpdate(volume: KubeObject, old: KubeObject): Findings {
  const findings: Findings = [];
  const spec = fieldsOf(contentOf(volume).spec);
  const before = fieldsOf(contentOf(old).spec);
  const source = sourceOf(spec, before);
  if (!sameValue(source, sourceOf(before, before))) {
    const differences = describeDifferences(sourceOf(before, before), source, 'spec');
    const why = `spec.persistentvolumesource is immutable after creation${differences}`;
    findings.push(forbiddenField('spec.persistentvolumesource', why));
  }
  if (spec.volumeMode !== before.volumeMode) {
    findings.push(invalidValue('volumeMode', spec.volumeMode, immutableText));
  }
  if (isFields(before.nodeAffinity) && !sameValue(spec.nodeAffinity, before.nodeAffinity)) {
    findings.push(invalidValue('nodeAffinity', spec.nodeAffinity, immutableText));
  }
  if (!isNothing(before.volumeAttributesClassName) && isNothing(spec.volumeAttributesClassName)) {
    const why = 'update from non-nil value to nil is forbidden';
    findings.push(forbiddenField('spec.volumeAttributesClassName', why));
  }
  return findings;
}

/** The secret for expansion may be added later. */
function sourceOf(spec: Fields, before: Fields): Fields {
  const source: Record<string, unknown> = {};
  for (const name of persistentSources) if (spec[name] !== undefined) source[name] = spec[name];
  const csi = fieldsOf(source.csi);
  if (fieldsOf(before.csi).controllerExpandSecretRef === undefined && csi.controllerExpandSecretRef !== undefined) {
    const { controllerExpandSecretRef: _, ...rest } = csi;
    source.csi = rest;
  }
  return source;
}

/** PersistentVolumes: one source, storage as their capacity; the source never changes. */
import type { KubeObject } from '#kube/meta/object.ts';
import { dns1123Subdomain } from '#kube/names/validate.ts';
import { parseQuantity, quantityValue } from '#kube/quantity/quantity.ts';
import { forbiddenField, invalidValue, requiredValue, unsupportedValue } from '#kube/status/causes.ts';
import { describeDifferences } from '../../differences.ts';
import { contentOf } from '../../prepare/preparation.ts';
import { type Fields, fieldsOf, isFields, sameValue, textOf } from '../../value.ts';
import { type Findings, immutableText, texts } from '../findings.ts';
import { checkNodeSelector } from '../pods/node-affinity.ts';
import { checkAccess, checkVolumeMode } from './claims.ts';
import { persistentSources } from './sources.ts';

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
  checkSource(findings, spec);
  const host = fieldsOf(spec.hostPath).path;
  if (policy === 'Recycle' && textOf(host).replace(/\/+$/, '') === '' && isFields(spec.hostPath)) {
    const why = "may not be 'recycle' for a hostPath mount of '/'";
    findings.push(forbiddenField('spec.persistentVolumeReclaimPolicy', why));
  }
  const className = textOf(spec.storageClassName);
  if (className !== '') texts(findings, 'spec.storageClassName', className, dns1123Subdomain(className));
  checkVolumeMode(findings, 'spec', spec.volumeMode);
  return findings;
}

function checkCapacity(findings: Findings, capacity: unknown): void {
  const amounts = fieldsOf(capacity);
  const names = Object.keys(amounts);
  if (names.length === 0) findings.push(requiredValue('spec.capacity'));
  if (amounts.storage === undefined || names.length > 1) {
    findings.push(unsupportedValue('spec.capacity', isFields(capacity) ? capacity : null, ['storage']));
  }
  for (const name of names) {
    const value = quantityValue(parseQuantity(amounts[name] as string));
    if (value < 0) findings.push(invalidValue(`spec.capacity[${name}]`, value, 'must be a valid resource quantity'));
  }
}

function checkSource(findings: Findings, spec: Fields): void {
  let found = false;
  for (const [name, check] of Object.entries(persistentSources)) {
    const source = spec[name];
    if (!isFields(source)) continue;
    if (found) findings.push(forbiddenField(`spec.${name}`, 'may not specify more than 1 volume type'));
    else check(findings, `spec.${name}`, source);
    found = true;
  }
  if (!isFields(spec.nodeAffinity) && isFields(spec.local)) {
    findings.push(requiredValue('spec.nodeAffinity', 'Local volume requires node affinity'));
  }
  if (!found) findings.push(requiredValue('spec', 'must specify a volume type'));
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
  return findings;
}

/** The secret for expansion may be added later. */
function sourceOf(spec: Fields, before: Fields): Fields {
  const source: Record<string, unknown> = {};
  for (const name in persistentSources) if (spec[name] !== undefined) source[name] = spec[name];
  const csi = fieldsOf(source.csi);
  if (fieldsOf(before.csi).controllerExpandSecretRef === undefined && csi.controllerExpandSecretRef !== undefined) {
    const { controllerExpandSecretRef: _, ...rest } = csi;
    source.csi = rest;
  }
  return source;
}

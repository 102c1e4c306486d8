/** CSIStorageCapacity and VolumeAttributesClass: what drivers have room for, and how volumes may differ. */
import type { KubeObject } from '#kube/meta/object.ts';
import { dns1123Subdomain, qualifiedName } from '#kube/names/validate.ts';
import { parseQuantity } from '#kube/quantity/quantity.ts';
import { invalidValue, requiredValue, tooLong } from '#kube/status/causes.ts';
import { contentOf } from '../../prepare/preparation.ts';
import { fieldsOf, isNothing, sameValue, textOf } from '../../value.ts';
import { type Findings, immutableText, texts } from '../findings.ts';
import { checkLabelSelector } from '../labels.ts';

function checkNotNegative(findings: Findings, path: string, amount: unknown): void {
  if (typeof amount !== 'string' || parseQuantity(amount).nano >= 0n) return;
  findings.push(invalidValue(path, amount, 'must be greater than or equal to 0'));
}

export function validateStorageCapacity(object: KubeObject): Findings {
  const findings: Findings = [];
  const { storageClassName, nodeTopology, capacity } = contentOf(object);
  const name = textOf(storageClassName);
  texts(findings, 'storageClassName', name, dns1123Subdomain(name));
  if (!isNothing(nodeTopology)) checkLabelSelector(findings, 'nodeTopology', nodeTopology);
  checkNotNegative(findings, 'capacity', capacity);
  return findings;
}

export function validateStorageCapacityUpdate(object: KubeObject, old: KubeObject): Findings {
  const findings: Findings = [];
  for (const name of ['storageClassName', 'nodeTopology']) {
    const [now, before] = [contentOf(object)[name], contentOf(old)[name]];
    if (!sameValue(now, before)) findings.push(invalidValue(name, now ?? null, immutableText));
  }
  return findings;
}

const longestParameters = 256 * 1024;

export function validateVolumeAttributesClass(object: KubeObject): Findings {
  const findings: Findings = [];
  const { driverName, parameters } = contentOf(object);
  const driver = textOf(driverName);
  if (driver === '') findings.push(requiredValue('driverName'));
  else texts(findings, 'driverName', driver.toLowerCase(), qualifiedName(driver.toLowerCase()));
  const entries = Object.entries(fieldsOf(parameters));
  let size = 0;
  for (const [key, value] of entries) {
    if (key === '') findings.push(invalidValue('parameters', key, 'field can not be empty.'));
    size += key.length + textOf(value).length;
  }
  if (size > longestParameters) findings.push(tooLong('parameters', longestParameters));
  if (entries.length === 0) findings.push(requiredValue('parameters', 'must contain at least one key/value pair'));
  return findings;
}

export function validateVolumeAttributesClassUpdate(object: KubeObject, old: KubeObject): Findings {
  const findings: Findings = [];
  for (const name of ['driverName', 'parameters']) {
    const [now, before] = [contentOf(object)[name], contentOf(old)[name]];
    if (!sameValue(now, before)) findings.push(invalidValue(name, now ?? null, immutableText));
  }
  return findings;
}

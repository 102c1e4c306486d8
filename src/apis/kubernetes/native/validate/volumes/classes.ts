/** Storage classes, CSI drivers and attachments. */
import type { KubeObject } from '#kube/meta/object.ts';
import { dns1123Subdomain, qualifiedName } from '#kube/names/validate.ts';
import {
  duplicateValue,
  forbiddenField,
  invalidValue,
  requiredValue,
  tooLong,
  unsupportedValue,
} from '#kube/status/causes.ts';
import { contentOf } from '../../prepare/preparation.ts';
import { fieldsOf, itemsOf, sameValue, textOf } from '../../value.ts';
import { type Findings, immutableText, requireText, texts } from '../findings.ts';
import { checkDriverName } from './sources.ts';

/** All parameters together: 256 KiB. */
const parametersLimit = 262_144;
const mostParameters = 512;

export function validateStorageClass(object: KubeObject): Findings {
  const findings: Findings = [];
  const { provisioner, parameters, reclaimPolicy, volumeBindingMode } = contentOf(object);
  if (requireText(findings, 'provisioner', provisioner)) {
    texts(findings, 'provisioner', provisioner.toLowerCase(), qualifiedName(provisioner.toLowerCase()));
  }
  checkParameters(findings, parameters);
  const policies = ['Delete', 'Retain'];
  if (reclaimPolicy && !policies.includes(textOf(reclaimPolicy))) {
    findings.push(unsupportedValue('reclaimPolicy', reclaimPolicy, policies));
  }
  const modes = ['Immediate', 'WaitForFirstConsumer'];
  if (!modes.includes(textOf(volumeBindingMode))) {
    findings.push(unsupportedValue('volumeBindingMode', volumeBindingMode, modes));
  }
  for (const [index, term] of itemsOf(contentOf(object).allowedTopologies).entries()) {
    for (const [at, { key, values }] of itemsOf(term.matchLabelExpressions).entries()) {
      const path = `allowedTopologies[${index}].matchLabelExpressions[${at}]`;
      if (itemsOf(values).length === 0) findings.push(requiredValue(`${path}.values`));
      texts(findings, `${path}.key`, textOf(key), qualifiedName(textOf(key)));
    }
  }
  return findings;
}

function checkParameters(findings: Findings, parameters: unknown): void {
  const entries = Object.entries(fieldsOf(parameters));
  if (entries.length > mostParameters) {
    findings.push(tooLong('parameters', mostParameters));
    return;
  }
  let size = 0;
  for (const [key, value] of entries) {
    if (key === '') findings.push(invalidValue('parameters', key, 'field can not be empty.'));
    size += key.length + textOf(value).length;
  }
  if (size > parametersLimit) findings.push(tooLong('parameters', parametersLimit));
}

export function validateStorageClassUpdate(object: KubeObject, old: KubeObject): Findings {
  const findings: Findings = [];
  const now = contentOf(object);
  const before = contentOf(old);
  for (const name of ['parameters', 'provisioner', 'reclaimPolicy']) {
    if (sameValue(now[name], before[name])) continue;
    findings.push(forbiddenField(name, `updates to ${name} are forbidden.`));
  }
  if (now.volumeBindingMode !== before.volumeBindingMode) {
    findings.push(invalidValue('volumeBindingMode', now.volumeBindingMode, immutableText));
  }
  return findings;
}

export function validateCsiDriver(object: KubeObject): Findings {
  const findings: Findings = [];
  const spec = fieldsOf(contentOf(object).spec);
  const policies = ['File', 'None', 'ReadWriteOnceWithFSType'];
  if (spec.fsGroupPolicy && !policies.includes(textOf(spec.fsGroupPolicy))) {
    findings.push(unsupportedValue('spec.fsGroupPolicy', spec.fsGroupPolicy, policies));
  }
  const modes = ['Persistent', 'Ephemeral'];
  for (const mode of itemsOf(spec.volumeLifecycleModes) as readonly unknown[]) {
    if (!modes.includes(textOf(mode))) findings.push(unsupportedValue('spec.volumeLifecycleModes', mode, modes));
  }
  const seconds = spec.nodeAllocatableUpdatePeriodSeconds;
  if (typeof seconds === 'number' && seconds < 10) {
    const why = 'must be greater than or equal to 10 seconds';
    findings.push(invalidValue('spec.nodeAllocatableUpdatePeriodSeconds', seconds, why));
  }
  return findings;
}

export function validateCsiNode(object: KubeObject): Findings {
  const findings: Findings = [];
  const names = new Set<string>();
  for (const [index, driver] of itemsOf(fieldsOf(contentOf(object).spec).drivers).entries()) {
    const at = `spec.drivers[${index}]`;
    checkDriverName(findings, `${at}.name`, driver.name);
    requireText(findings, `${at}.nodeID`, driver.nodeID);
    if (names.has(textOf(driver.name))) findings.push(duplicateValue(`${at}.name`, driver.name));
    names.add(textOf(driver.name));
  }
  return findings;
}

export function validateVolumeAttachment(object: KubeObject): Findings {
  const findings: Findings = [];
  const { attacher, nodeName } = fieldsOf(contentOf(object).spec);
  checkDriverName(findings, 'spec.attacher', attacher);
  texts(findings, 'spec.nodeName', textOf(nodeName), dns1123Subdomain(textOf(nodeName)));
  return findings;
}

export function validateVolumeAttachmentUpdate(object: KubeObject, old: KubeObject): Findings {
  const { spec } = contentOf(object);
  return sameValue(spec, contentOf(old).spec) ? [] : [invalidValue('spec', spec, immutableText)];
}

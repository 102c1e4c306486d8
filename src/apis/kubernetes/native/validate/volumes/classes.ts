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
import { type Fields, fieldsOf, isFields, itemsOf, sameValue, textOf } from '../../value.ts';
import { type Findings, immutableText, notNegative, requireText, texts } from '../findings.ts';
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
  checkTopologies(findings, itemsOf(contentOf(object).allowedTopologies));
  return findings;
}

function checkTopologies(findings: Findings, topologies: readonly Fields[]): void {
  for (const [index, term] of topologies.entries()) {
    const list = `allowedTopologies[${index}].matchLabelExpressions`;
    const requirements = itemsOf(term.matchLabelExpressions);
    for (const [at, { key, values }] of requirements.entries()) {
      const path = `${list}[${at}]`;
      const given = itemsOf(values) as readonly unknown[];
      if (given.length === 0) findings.push(requiredValue(`${path}.values`));
      for (const [place, value] of given.entries()) {
        if (given.indexOf(value) < place) findings.push(duplicateValue(`${path}.values[${place}]`, value));
      }
      texts(findings, `${path}.key`, textOf(key), qualifiedName(textOf(key)));
      if (requirements.findIndex((one) => one.key === key) < at) findings.push(duplicateValue(`${path}.key`, key));
    }
    if (topologies.slice(0, index).some((other) => sameValue(other, term))) findings.push(duplicateValue(list, ''));
  }
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
  if (typeof spec.fsGroupPolicy === 'string' && !policies.includes(spec.fsGroupPolicy)) {
    findings.push(unsupportedValue('spec.fsGroupPolicy', spec.fsGroupPolicy, policies));
  }
  checkTokens(findings, 'spec.tokenRequests', itemsOf(spec.tokenRequests));
  const modes = ['Persistent', 'Ephemeral'];
  for (const mode of itemsOf(spec.volumeLifecycleModes) as readonly unknown[]) {
    if (!modes.includes(textOf(mode))) findings.push(unsupportedValue('spec.volumeLifecycleModes', mode, modes));
  }
  const seconds = spec.nodeAllocatableUpdatePeriodSeconds;
  if (typeof seconds === 'number' && seconds < 10) {
    const why = 'must be greater than or equal to 10 seconds';
    findings.push(invalidValue('spec.nodeAllocatableUpdatePeriodSeconds', seconds, why));
  }
  const inSecrets = spec.serviceAccountTokenInSecrets;
  if (typeof inSecrets === 'boolean' && itemsOf(spec.tokenRequests).length === 0) {
    const why = 'serviceAccountTokenInSecrets is set but no tokenRequests are specified';
    findings.push(invalidValue('spec.serviceAccountTokenInSecrets', inSecrets, why));
  }
  return findings;
}

export function validateCsiDriverUpdate(object: KubeObject, old: KubeObject): Findings {
  const spec = fieldsOf(contentOf(object).spec);
  const before = fieldsOf(contentOf(old).spec);
  const findings: Findings = [];
  if (spec.attachRequired !== before.attachRequired) {
    findings.push(invalidValue('spec.attachedRequired', spec.attachRequired, immutableText));
  }
  if (!sameValue(spec.volumeLifecycleModes, before.volumeLifecycleModes)) {
    findings.push(invalidValue('spec.volumeLifecycleModes', spec.volumeLifecycleModes, immutableText));
  }
  return findings;
}

const shortestToken = 600;
const longestToken = 2 ** 32;

function checkTokens(findings: Findings, path: string, requests: readonly Fields[]): void {
  const audiences = new Set<string>();
  for (const [index, { audience, expirationSeconds: seconds }] of requests.entries()) {
    const at = `${path}[${index}]`;
    if (audiences.has(textOf(audience))) {
      findings.push(duplicateValue(`${at}.audience`, textOf(audience)));
      continue;
    }
    audiences.add(textOf(audience));
    if (typeof seconds !== 'number') continue;
    const why =
      seconds < shortestToken
        ? 'may not specify a duration less than 10 minutes'
        : seconds > longestToken
          ? 'may not specify a duration larger than 2^32 seconds'
          : '';
    if (why !== '') findings.push(invalidValue(`${at}.expirationSeconds`, seconds, why));
  }
}

const longestNodeId = 256;

export function validateCsiNode(object: KubeObject): Findings {
  const findings: Findings = [];
  const names = new Set<string>();
  for (const [index, driver] of itemsOf(fieldsOf(contentOf(object).spec).drivers).entries()) {
    const at = `spec.drivers[${index}]`;
    checkDriverName(findings, `${at}.name`, driver.name);
    requireText(findings, `${at}.nodeID`, driver.nodeID);
    if (textOf(driver.nodeID).length > longestNodeId) {
      findings.push(invalidValue(`${at}.nodeID`, driver.nodeID, `must be ${longestNodeId} characters or less`));
    }
    notNegative(findings, `${at}.allocatable.count`, fieldsOf(driver.allocatable).count);
    if (names.has(textOf(driver.name))) findings.push(duplicateValue(`${at}.name`, driver.name));
    names.add(textOf(driver.name));
    checkTopologyKeys(findings, at, itemsOf(driver.topologyKeys) as readonly unknown[]);
  }
  return findings;
}

/** Findings stand at the driver, as the real ones. */
function checkTopologyKeys(findings: Findings, path: string, keys: readonly unknown[]): void {
  for (const [index, key] of keys.entries()) {
    if (key === '') findings.push(requiredValue(path));
    if (keys.indexOf(key) < index) findings.push(duplicateValue(path, key));
    texts(findings, path, key, qualifiedName(textOf(key)));
  }
}

export function validateVolumeAttachment(object: KubeObject): Findings {
  const findings: Findings = [];
  const { attacher, nodeName, source } = fieldsOf(contentOf(object).spec);
  checkDriverName(findings, 'spec.attacher', attacher);
  texts(findings, 'spec.nodeName', textOf(nodeName), dns1123Subdomain(textOf(nodeName)));
  const { inlineVolumeSpec, persistentVolumeName: name } = fieldsOf(source);
  const one = 'must specify exactly one of inlineVolumeSpec and persistentVolumeName';
  const path = 'spec.source.persistentVolumeName';
  const named = typeof name === 'string';
  if (isFields(inlineVolumeSpec) === named) {
    findings.push(named ? forbiddenField('spec.source', one) : requiredValue('spec.source', one));
  } else if (name === '') findings.push(requiredValue(path, 'must specify non empty persistentVolumeName'));
  if (named) texts(findings, path, name, dns1123Subdomain(name));
  return findings;
}

export function validateVolumeAttachmentUpdate(object: KubeObject, old: KubeObject): Findings {
  const { spec } = contentOf(object);
  return sameValue(spec, contentOf(old).spec) ? [] : [invalidValue('spec', spec, immutableText)];
}

/** Namespaces, nodes, events, leases, priority classes, certificate requests: kinds with a few rules each. */
import type { KubeObject } from '#kube/meta/object.ts';
import { dns1123Label, labelValue, qualifiedName } from '#kube/names/validate.ts';
import { duplicateValue, forbiddenField, invalidValue, requiredValue } from '#kube/status/causes.ts';
import { contentOf } from '../../prepare/preparation.ts';
import { type Fields, fieldsOf, itemsOf, sameValue, textOf } from '../../value.ts';
import { checkRange } from '../addresses.ts';
import { type Findings, immutableText, requireOneOf, texts } from '../findings.ts';
import { checkLabels } from '../labels.ts';
import { checkEffect, checkTolerations } from '../pods/scheduling.ts';
import { checkOverhead } from '../pods/spec.ts';
import { checkAmount } from '../resources.ts';

const specOf = (object: KubeObject): Fields => fieldsOf(contentOf(object).spec);
const standardFinalizers = ['kubernetes', 'orphan', 'foregroundDeletion'];

export function validateNamespace(namespace: KubeObject): Findings {
  const findings: Findings = [];
  for (const finalizer of itemsOf(specOf(namespace).finalizers) as readonly unknown[]) {
    const name = textOf(finalizer);
    texts(findings, 'spec.finalizers', name, qualifiedName(name));
    if (name.includes('/') || standardFinalizers.includes(name)) continue;
    const why = 'name is neither a standard finalizer name nor is it fully qualified';
    findings.push(invalidValue('spec.finalizers', name, why));
  }
  return findings;
}

export function validateNode(node: KubeObject): Findings {
  const findings: Findings = [];
  const spec = specOf(node);
  checkTaints(findings, 'metadata.taints', itemsOf(spec.taints));
  const status = fieldsOf(contentOf(node).status);
  for (const part of ['capacity', 'allocatable']) {
    for (const [name, amount] of Object.entries(fieldsOf(status[part]))) {
      checkAmount(findings, `status.${part}.${name}`, name, amount);
    }
  }
  for (const [index, range] of (itemsOf(spec.podCIDRs) as readonly unknown[]).entries()) {
    checkRange(findings, `spec.podCIDRs[${index}]`, textOf(range));
  }
  return findings;
}

/** kube-apiserver names metadata, though they stand in spec. */
function checkTaints(findings: Findings, path: string, taints: readonly Fields[]): void {
  const seen = new Set<string>();
  for (const [index, taint] of taints.entries()) {
    const at = `${path}[${index}]`;
    texts(findings, `${at}.key`, textOf(taint.key), qualifiedName(textOf(taint.key)));
    const wrong = labelValue(textOf(taint.value));
    if (wrong.length > 0) findings.push(invalidValue(`${at}.value`, taint.value, wrong.join(';')));
    if (!taint.effect) findings.push(requiredValue(`${at}.effect`));
    else checkEffect(findings, `${at}.effect`, taint.effect);
    const key = `${textOf(taint.effect)}/${textOf(taint.key)}`;
    if (seen.has(key)) {
      const shown = {
        Key: taint.key,
        Value: textOf(taint.value),
        Effect: taint.effect,
        TimeAdded: taint.timeAdded ?? null,
      };
      const { message, ...rest } = duplicateValue(at, shown);
      findings.push({ ...rest, message: `${message}: taints must be unique by key and effect pair` });
    }
    seen.add(key);
  }
}

export function validateNodeUpdate(node: KubeObject, old: KubeObject): Findings {
  const findings: Findings = [];
  const spec = specOf(node);
  const before = specOf(old);
  if (itemsOf(before.podCIDRs).length > 0 && !sameValue(spec.podCIDRs, before.podCIDRs)) {
    const why = 'node updates may not change podCIDR except from "" to valid';
    findings.push(forbiddenField('spec.podCIDRs', why));
  }
  if (before.providerID && spec.providerID !== before.providerID) {
    const why = 'node updates may not change providerID except from "" to valid';
    findings.push(forbiddenField('spec.providerID', why));
  }
  return findings;
}

export function validateLease(lease: KubeObject): Findings {
  const findings: Findings = [];
  const { leaseDurationSeconds: duration, leaseTransitions: transitions } = specOf(lease);
  if (typeof duration === 'number' && duration <= 0) {
    findings.push(invalidValue('spec.leaseDurationSeconds', duration, 'must be greater than 0'));
  }
  if (typeof transitions === 'number' && transitions < 0) {
    findings.push(invalidValue('spec.leaseTransitions', transitions, 'must be greater than or equal to 0'));
  }
  return findings;
}

const highestPriority = 1_000_000_000;
const systemClasses: Readonly<Record<string, number>> = {
  'system-cluster-critical': 2_000_000_000,
  'system-node-critical': 2_000_001_000,
};

export function validatePriorityClass(object: KubeObject): Findings {
  const findings: Findings = [];
  const { value, preemptionPolicy, globalDefault } = contentOf(object);
  const { name = '' } = object.metadata;
  const priority = Number(value ?? 0);
  if (name.startsWith('system-')) {
    const fault = systemFault(name, priority, globalDefault === true);
    const why = "priority class names with 'system-' prefix are reserved for system use only. error: ";
    if (fault !== undefined) findings.push(forbiddenField('metadata.name', `${why}${fault}`));
  } else if (priority > highestPriority) {
    const why = `maximum allowed value of a user defined priority is ${highestPriority}`;
    findings.push(forbiddenField('value', why));
  }
  if (typeof preemptionPolicy === 'string') {
    requireOneOf(findings, 'preemptionPolicy', preemptionPolicy, ['PreemptLowerPriority', 'Never']);
  }
  return findings;
}

function systemFault(name: string, priority: number, isDefault: boolean): string | undefined {
  const known = systemClasses[name];
  if (known === undefined) return `${name} is not a known system priority class`;
  if (priority !== known) return `value of ${name} PriorityClass must be ${known}`;
  return isDefault ? `globalDefault of ${name} PriorityClass must be false` : undefined;
}

export function validatePriorityClassUpdate(object: KubeObject, old: KubeObject): Findings {
  const findings: Findings = [];
  const { value, preemptionPolicy } = contentOf(object);
  if (value !== contentOf(old).value) findings.push(forbiddenField('value', 'may not be changed in an update.'));
  if (preemptionPolicy !== contentOf(old).preemptionPolicy) {
    findings.push(invalidValue('preemptionPolicy', preemptionPolicy, immutableText));
  }
  return findings;
}

export function validateRuntimeClass(object: KubeObject): Findings {
  const findings: Findings = [];
  const handler = textOf(contentOf(object).handler);
  texts(findings, 'handler', handler, dns1123Label(handler));
  checkOverhead(findings, 'overhead', fieldsOf(contentOf(object).overhead).podFixed);
  checkScheduling(findings, 'scheduling', fieldsOf(contentOf(object).scheduling));
  return findings;
}

function checkScheduling(findings: Findings, path: string, { nodeSelector, tolerations }: Fields): void {
  checkLabels(findings, `${path}.nodeSelector`, nodeSelector);
  checkTolerations(findings, `${path}.tolerations`, itemsOf(tolerations));
  for (const [index, toleration] of itemsOf(tolerations).entries()) {
    const first = itemsOf(tolerations).findIndex((other) => sameValue(other, toleration));
    if (first < index) findings.push(duplicateValue(`${path}.tolerations[${index}]`, toleration));
  }
}

export function validateRuntimeClassUpdate(object: KubeObject, old: KubeObject): Findings {
  const { handler } = contentOf(object);
  return handler === contentOf(old).handler ? [] : [invalidValue('handler', handler, immutableText)];
}

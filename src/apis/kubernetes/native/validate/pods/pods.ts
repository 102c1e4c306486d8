/** Pods: their spec, and the few things that may change once they exist. */
import type { KubeObject } from '#kube/meta/object.ts';
import { forbiddenField, invalidValue } from '#kube/status/causes.ts';
import { describeDifferences } from '../../differences.ts';
import { contentOf } from '../../prepare/preparation.ts';
import { type Fields, fieldsOf, isFields, itemsOf, mapList, sameValue, textOf, withField } from '../../value.ts';
import type { Findings } from '../findings.ts';
import { checkTrimmed } from './containers.ts';
import { checkPodSpec } from './spec.ts';
import { checkTokensNeedAccount } from './volumes.ts';

const specOf = (pod: KubeObject): Fields => fieldsOf(contentOf(pod).spec);

export function validatePod(pod: KubeObject): Findings {
  const findings: Findings = [];
  const spec = specOf(pod);
  checkPodSpec(findings, 'spec', spec, pod.metadata.name ?? '');
  checkTokensNeedAccount(findings, 'spec.volumes', spec);
  for (const list of ['containers', 'initContainers']) {
    for (const [index, container] of itemsOf(spec[list]).entries()) {
      checkTrimmed(findings, `spec.${list}[${index}]`, container);
    }
  }
  // What has no resourceVersion is being created.
  if (pod.metadata.resourceVersion === undefined) checkNew(findings, spec);
  return findings;
}

function checkNew(findings: Findings, spec: Fields): void {
  if (itemsOf(spec.ephemeralContainers).length > 0) {
    findings.push(forbiddenField('spec.ephemeralContainers', 'cannot be set on create'));
  }
  if (spec.nodeName && itemsOf(spec.schedulingGates).length > 0) {
    findings.push(forbiddenField('spec.nodeName', 'cannot be set until all schedulingGates have been cleared'));
  }
}

const updatable = [
  '`spec.containers[*].image`',
  '`spec.initContainers[*].image`',
  '`spec.activeDeadlineSeconds`',
  '`spec.tolerations` (only additions to existing tolerations)',
  '`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)',
];

export function validatePodUpdate(pod: KubeObject, old: KubeObject): Findings {
  const findings: Findings = [];
  const spec = specOf(pod);
  const before = specOf(old);
  for (const list of ['containers', 'initContainers']) {
    if (itemsOf(spec[list]).length === itemsOf(before[list]).length) continue;
    return [forbiddenField(`spec.${list}`, 'pod updates may not add or remove containers')];
  }
  if (spec === before) return findings;
  if (!checkDeadline(findings, spec.activeDeadlineSeconds, before.activeDeadlineSeconds)) return findings;
  checkTolerations(findings, itemsOf(spec.tolerations), itemsOf(before.tolerations));
  checkGates(findings, itemsOf(spec.schedulingGates), itemsOf(before.schedulingGates));
  const comparable = comparableSpec(spec, before);
  if (sameValue(comparable, before)) return findings;
  const why = `pod updates may not change fields other than ${updatable.join(',')}`;
  findings.push(forbiddenField('spec', `${why}${describeDifferences(before, comparable, 'spec')}`));
  return findings;
}

const largestInt32 = 2 ** 31 - 1;

/** It may come nearer, never go away. Answers whether the rest is worth looking at. */
function checkDeadline(findings: Findings, deadline: unknown, before: unknown): boolean {
  const path = 'spec.activeDeadlineSeconds';
  if (typeof deadline !== 'number') {
    if (typeof before === 'number') {
      findings.push(invalidValue(path, null, 'must not update from a positive integer to nil value'));
    }
    return true;
  }
  if (deadline < 0 || deadline > largestInt32) {
    findings.push(invalidValue(path, deadline, `must be between 0 and ${largestInt32}, inclusive`));
    return false;
  }
  if (typeof before !== 'number' || deadline <= before) return true;
  findings.push(invalidValue(path, deadline, 'must be less than or equal to previous value'));
  return false;
}

function checkTolerations(findings: Findings, tolerations: readonly Fields[], before: readonly Fields[]): void {
  const withoutTime = (toleration: Fields): Fields => withField(toleration, 'tolerationSeconds', undefined);
  const kept = before.every((old) => tolerations.some((each) => sameValue(withoutTime(each), withoutTime(old))));
  if (kept) return;
  const why = 'existing toleration can not be modified except its tolerationSeconds';
  findings.push(forbiddenField('spec.tolerations', why));
}

function checkGates(findings: Findings, gates: readonly Fields[], before: readonly Fields[]): void {
  for (const [index, { name }] of gates.entries()) {
    if (before.some((gate) => gate.name === name)) continue;
    const why = `only deletion is allowed, but found new scheduling gate '${textOf(name)}'`;
    findings.push(forbiddenField(`spec.schedulingGates[${index}].name`, why));
  }
}

/** The new spec with everything that may change taken from the old one. */
function comparableSpec(spec: Fields, before: Fields): Fields {
  let next = spec;
  for (const list of ['containers', 'initContainers']) {
    const old = itemsOf(before[list]);
    if (old.length === 0) continue;
    const containers = mapList(itemsOf(spec[list]), (each, index) => withField(each, 'image', old[index]!.image));
    next = withField(next, list, containers);
  }
  for (const name of ['activeDeadlineSeconds', 'schedulingGates', 'tolerations']) {
    next = withField(next, name, before[name]);
  }
  return itemsOf(before.schedulingGates).length > 0 ? withNarrowerPlace(next, before) : next;
}

/** While it is gated a Pod may be told more exactly where to go. */
function withNarrowerPlace(spec: Fields, before: Fields): Fields {
  const old = fieldsOf(before.nodeSelector);
  const selector = fieldsOf(spec.nodeSelector);
  const onlyAdded = Object.keys(old).every((key) => selector[key] === old[key]);
  const next = onlyAdded ? withField(spec, 'nodeSelector', before.nodeSelector) : spec;
  const affinity = fieldsOf(before.affinity).nodeAffinity;
  if (affinity !== undefined || !isFields(next.affinity)) return next;
  const { nodeAffinity: _, ...rest } = next.affinity;
  const empty = Object.keys(rest).length === 0 && before.affinity === undefined;
  return withField(next, 'affinity', empty ? undefined : rest);
}

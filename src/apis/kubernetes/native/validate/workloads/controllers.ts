/** Deployments, ReplicaSets, DaemonSets, ReplicationControllers, PodTemplates, ControllerRevisions. */
import type { KubeObject } from '#kube/meta/object.ts';
import { forbiddenField, invalidValue, requiredValue, unsupportedValue } from '#kube/status/causes.ts';
import { contentOf } from '../../prepare/preparation.ts';
import { type Fields, fieldsOf, isFields, isNothing, sameValue } from '../../value.ts';
import { type Findings, immutableText, notNegative } from '../findings.ts';
import { checkLabelSelector, isEmptySelector, shownSelector } from '../labels.ts';
import { checkAtMostAll, checkCountOrShare, isNone } from './rolling.ts';
import { checkLastingTemplate, checkSelected, checkSelector, checkTemplate } from './templates.ts';

const specOf = (object: KubeObject): Fields => fieldsOf(contentOf(object).spec);

export function validateDeployment(object: KubeObject): Findings {
  const findings: Findings = [];
  const spec = specOf(object);
  notNegative(findings, 'spec.replicas', spec.replicas);
  checkSelectedTemplate(findings, spec);
  checkStrategy(findings, fieldsOf(spec.strategy));
  for (const name of ['minReadySeconds', 'revisionHistoryLimit', 'progressDeadlineSeconds']) {
    notNegative(findings, `spec.${name}`, spec[name]);
  }
  const deadline = spec.progressDeadlineSeconds;
  if (typeof deadline === 'number' && deadline <= Number(spec.minReadySeconds ?? 0)) {
    findings.push(invalidValue('spec.progressDeadlineSeconds', deadline, 'must be greater than minReadySeconds'));
  }
  return findings;
}

const deploymentCounts = [
  'observedGeneration',
  'replicas',
  'updatedReplicas',
  'readyReplicas',
  'availableReplicas',
  'unavailableReplicas',
  'collisionCount',
] as const;

export function validateDeploymentStatus(object: KubeObject): Findings {
  const findings: Findings = [];
  const status = fieldsOf(contentOf(object).status);
  for (const name of deploymentCounts) notNegative(findings, `status.${name}`, status[name]);
  const count = (name: (typeof deploymentCounts)[number]) => Number(status[name] ?? 0);
  const atMost = (name: (typeof deploymentCounts)[number], most: 'replicas' | 'readyReplicas', shown: string) => {
    if (count(name) > count(most))
      findings.push(invalidValue(`status.${name}`, count(name), `cannot be greater than ${shown}`));
  };
  atMost('updatedReplicas', 'replicas', 'status.replicas');
  atMost('readyReplicas', 'replicas', 'status.replicas');
  atMost('availableReplicas', 'replicas', 'status.replicas');
  atMost('availableReplicas', 'readyReplicas', 'readyReplicas');
  return findings;
}

/** With a selector that cannot be read the template is not looked at. */
function checkSelectedTemplate(findings: Findings, spec: Fields): void {
  const template = fieldsOf(spec.template);
  if (!checkSelector(findings, spec, 'deployment')) {
    findings.push(invalidValue('spec.selector', shownSelector(spec.selector), 'invalid label selector'));
    return;
  }
  const everything = isFields(spec.selector) && isEmptySelector(spec.selector);
  if (!everything) checkSelected(findings, 'spec.template', spec.selector, template);
  checkLastingTemplate(findings, 'spec.template', template, 'ReplicaSet');
}

function checkStrategy(findings: Findings, strategy: Fields): void {
  const { type, rollingUpdate } = strategy;
  const path = 'spec.strategy.rollingUpdate';
  if (type === 'Recreate') {
    if (!isFields(rollingUpdate)) return;
    findings.push(forbiddenField(path, "may not be specified when strategy `type` is 'Recreate'"));
  } else if (type !== 'RollingUpdate') {
    const shown = shownStrategy(strategy);
    findings.push(unsupportedValue('spec.strategy', shown, ['Recreate', 'RollingUpdate']));
  } else {
    const { maxUnavailable, maxSurge } = fieldsOf(rollingUpdate);
    checkCountOrShare(findings, `${path}.maxUnavailable`, maxUnavailable);
    checkCountOrShare(findings, `${path}.maxSurge`, maxSurge);
    if (isNone(maxUnavailable) && isNone(maxSurge)) {
      findings.push(invalidValue(`${path}.maxUnavailable`, maxUnavailable, 'may not be 0 when `maxSurge` is 0'));
    }
    checkAtMostAll(findings, `${path}.maxUnavailable`, maxUnavailable);
  }
}

export function validateReplicaSet(object: KubeObject): Findings {
  const findings: Findings = [];
  const spec = specOf(object);
  notNegative(findings, 'spec.replicas', spec.replicas);
  notNegative(findings, 'spec.minReadySeconds', spec.minReadySeconds);
  checkSelectedTemplate(findings, spec);
  return findings;
}

/** Of Deployments, ReplicaSets and DaemonSets. */
export function validateSelectorUpdate(object: KubeObject, old: KubeObject): Findings {
  const { selector } = specOf(object);
  if (sameValue(selector, specOf(old).selector)) return [];
  return [invalidValue('spec.selector', shownSelector(selector), immutableText)];
}

export function validateDaemonSet(object: KubeObject): Findings {
  const findings: Findings = [];
  const spec = specOf(object);
  const template = fieldsOf(spec.template);
  checkLabelSelector(findings, 'spec.selector', spec.selector);
  const valid = findings.length === 0;
  if (valid) checkSelected(findings, 'spec.template', spec.selector, template);
  if (isFields(spec.selector) && isEmptySelector(spec.selector)) {
    findings.push(
      invalidValue('spec.selector', shownSelector(spec.selector), 'empty selector is invalid for daemonset'),
    );
  }
  checkLastingTemplate(findings, 'spec.template', template, 'DaemonSet');
  notNegative(findings, 'spec.minReadySeconds', spec.minReadySeconds);
  checkDaemonStrategy(findings, fieldsOf(spec.updateStrategy));
  notNegative(findings, 'spec.revisionHistoryLimit', spec.revisionHistoryLimit);
  return findings;
}

/** As Go prints a strategy of a type nobody knows. */
function shownStrategy({ type, rollingUpdate }: Fields): Fields {
  const { maxUnavailable, maxSurge } = fieldsOf(rollingUpdate);
  const parameters = { MaxUnavailable: maxUnavailable ?? 0, MaxSurge: maxSurge ?? 0 };
  return { Type: type, RollingUpdate: isFields(rollingUpdate) ? parameters : null };
}

function checkDaemonStrategy(findings: Findings, strategy: Fields): void {
  const { type, rollingUpdate } = strategy;
  if (type === 'OnDelete') return;
  if (type !== 'RollingUpdate') {
    const shown = shownStrategy(strategy);
    findings.push(unsupportedValue('spec.updateStrategy', shown, ['RollingUpdate', 'OnDelete']));
    return;
  }
  const path = 'spec.updateStrategy.rollingUpdate';
  const { maxUnavailable, maxSurge } = fieldsOf(rollingUpdate);
  for (const check of [checkCountOrShare, checkAtMostAll]) {
    check(findings, `${path}.maxUnavailable`, maxUnavailable);
    check(findings, `${path}.maxSurge`, maxSurge);
  }
  if (!isNone(maxUnavailable) && !isNone(maxSurge)) {
    findings.push(invalidValue(`${path}.maxSurge`, maxSurge, 'may not be set when maxUnavailable is non-zero'));
  } else if (isNone(maxUnavailable) && isNone(maxSurge)) {
    findings.push(requiredValue(`${path}.maxUnavailable`, 'cannot be 0 when maxSurge is 0'));
  }
}

export function validateReplicationController(object: KubeObject): Findings {
  const findings: Findings = [];
  const spec = specOf(object);
  notNegative(findings, 'spec.minReadySeconds', spec.minReadySeconds);
  const selector = fieldsOf(spec.selector);
  if (Object.keys(selector).length === 0) findings.push(requiredValue('spec.selector'));
  notNegative(findings, 'spec.replicas', spec.replicas);
  if (!isFields(spec.template)) findings.push(requiredValue('spec.template'));
  else {
    checkSelected(findings, 'spec.template', { matchLabels: selector }, spec.template);
    checkLastingTemplate(findings, 'spec.template', spec.template, 'ReplicationController');
  }
  return findings;
}

export function validatePodTemplate(object: KubeObject): Findings {
  const findings: Findings = [];
  checkTemplate(findings, 'template', fieldsOf(contentOf(object).template));
  return findings;
}

export function validateControllerRevision(object: KubeObject): Findings {
  const findings: Findings = [];
  const { data, revision } = contentOf(object);
  notNegative(findings, 'revision', revision);
  if (isNothing(data)) findings.push(requiredValue('data', 'data is mandatory'));
  else if (!isFields(data)) findings.push(requiredValue('data', 'data must be a valid JSON object'));
  return findings;
}

export function validateControllerRevisionUpdate(object: KubeObject, old: KubeObject): Findings {
  const { data } = contentOf(object);
  return sameValue(data, contentOf(old).data) ? [] : [invalidValue('data', data, immutableText)];
}

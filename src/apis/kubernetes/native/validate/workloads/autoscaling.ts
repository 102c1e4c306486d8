/** HorizontalPodAutoscalers and PodDisruptionBudgets. */
import type { KubeObject } from '#kube/meta/object.ts';
import { dns1123Label } from '#kube/names/validate.ts';
import { formatQuantity, parseQuantity } from '#kube/quantity/quantity.ts';
import { forbiddenField, invalidValue, requiredValue, unsupportedValue } from '#kube/status/causes.ts';
import { contentOf } from '../../prepare/preparation.ts';
import { type Fields, fieldsOf, isFields, isNothing, itemsOf, textOf } from '../../value.ts';
import { type Findings, positive, requireText, texts } from '../findings.ts';
import { checkLabelSelector, shownSelector } from '../labels.ts';
import { pathSegment } from '../names.ts';
import { checkContainerResourceName } from '../resources.ts';
import { checkAtMostAll, checkCountOrShare } from './rolling.ts';

export function validateHorizontalPodAutoscaler(object: KubeObject): Findings {
  const findings: Findings = [];
  const spec = fieldsOf(contentOf(object).spec);
  const least = spec.minReplicas;
  const most = Number(spec.maxReplicas ?? 0);
  if (typeof least === 'number' && least < 1) {
    findings.push(invalidValue('spec.minReplicas', least, 'must be greater than or equal to 1'));
  }
  if (most < 1) findings.push(invalidValue('spec.maxReplicas', most, 'must be greater than 0'));
  if (typeof least === 'number' && most < least) {
    findings.push(invalidValue('spec.maxReplicas', most, 'must be greater than or equal to `minReplicas`'));
  }
  checkReference(findings, 'spec.scaleTargetRef', fieldsOf(spec.scaleTargetRef));
  if (object.metadata.resourceVersion === undefined) checkTargetVersion(findings, fieldsOf(spec.scaleTargetRef));
  for (const [index, metric] of itemsOf(spec.metrics).entries())
    checkMetric(findings, `spec.metrics[${index}]`, metric);
  if (least === 0 && !itemsOf(spec.metrics).some(({ type }) => type === 'Object' || type === 'External')) {
    const why = 'must specify at least one Object or External metric to support scaling to zero replicas';
    findings.push(forbiddenField('spec.metrics', why));
  }
  for (const [name, rules] of Object.entries(fieldsOf(spec.behavior))) {
    if (isFields(rules)) checkScaling(findings, `spec.behavior.${name}`, rules);
  }
  return findings;
}

/** A target that was accepted once may stay. */
export function validateHorizontalPodAutoscalerUpdate(object: KubeObject, old: KubeObject): Findings {
  const findings: Findings = [];
  const target = fieldsOf(fieldsOf(contentOf(object).spec).scaleTargetRef);
  const before = fieldsOf(fieldsOf(contentOf(old).spec).scaleTargetRef);
  if (target.apiVersion !== before.apiVersion || target.kind !== before.kind) checkTargetVersion(findings, target);
  return findings;
}

/** What scales has a group, all but ReplicationControllers. */
function checkTargetVersion(findings: Findings, { apiVersion, kind }: Fields): void {
  const version = textOf(apiVersion);
  const slashes = version.split('/').length - 1;
  const fault =
    slashes > 1
      ? `unexpected GroupVersion string: ${version}`
      : slashes === 0 || version.startsWith('/')
        ? 'apiVersion must specify API group'
        : '';
  if (fault === '' || (slashes <= 1 && kind === 'ReplicationController')) return;
  findings.push(invalidValue('spec.scaleTargetRef.apiVersion', version, fault));
}

function checkReference(findings: Findings, path: string, reference: Fields): void {
  for (const name of ['kind', 'name']) {
    const value = reference[name];
    if (requireText(findings, `${path}.${name}`, value)) texts(findings, `${path}.${name}`, value, pathSegment(value));
  }
}

/** Field of a MetricSpec for each type, in the order they are looked at. */
const sources: Readonly<Record<string, string>> = {
  Object: 'object',
  External: 'external',
  Pods: 'pods',
  Resource: 'resource',
  ContainerResource: 'containerResource',
};

function checkMetric(findings: Findings, path: string, metric: Fields): void {
  const types = Object.keys(sources).sort();
  const type = textOf(metric.type);
  const expected = sources[type];
  if (type === '') findings.push(requiredValue(`${path}.type`, 'must specify a metric source type'));
  if (expected === undefined) findings.push(unsupportedValue(`${path}.type`, type, types));
  const present = Object.values(sources).filter((name) => isFields(metric[name]));
  const [first] = present;
  if (first !== undefined) checkSource(findings, `${path}.${first}`, first, fieldsOf(metric[first]));
  if (expected !== undefined && !present.includes(expected)) {
    findings.push(requiredValue(`${path}.${expected}`, 'must populate information for the given metric source'));
  }
  if (present.length === 1) return;
  for (const name of present) {
    if (name === expected) continue;
    findings.push(forbiddenField(`${path}.${name}`, 'must populate the given metric source only'));
  }
}

function checkSource(findings: Findings, path: string, name: string, source: Fields): void {
  const target = fieldsOf(source.target);
  const at = `${path}.target`;
  if (name === 'resource' || name === 'containerResource') {
    const resource = textOf(source.name);
    if (resource === '') findings.push(requiredValue(`${path}.name`, 'must specify a resource name'));
    else if (name === 'containerResource') checkContainerResourceName(findings, `${path}.name`, resource);
    if (name === 'containerResource') {
      const container = textOf(source.container);
      if (container === '') findings.push(requiredValue(`${path}.container`, 'must specify a container'));
      else texts(findings, `${path}.container`, container, dns1123Label(container));
    }
  } else {
    if (name === 'object') checkReference(findings, `${path}.describedObject`, fieldsOf(source.describedObject));
    const metric = textOf(fieldsOf(source.metric).name);
    if (metric === '') findings.push(requiredValue(`${path}.metric.name`, 'must specify a metric name'));
    else texts(findings, `${path}.metric.name`, metric, pathSegment(metric));
  }
  checkTarget(findings, at, target);
  checkTargetKind(findings, at, name, target);
}

const targetTypes = ['Utilization', 'Value', 'AverageValue'];

function checkTarget(findings: Findings, path: string, target: Fields): void {
  const type = textOf(target.type);
  if (type === '') findings.push(requiredValue(`${path}.type`, 'must specify a metric target type'));
  if (!targetTypes.includes(type)) {
    findings.push(invalidValue(`${path}.type`, type, 'must be either Utilization, Value, or AverageValue'));
  }
  for (const name of ['value', 'averageValue']) {
    const amount = target[name];
    if (typeof amount !== 'string' || parseQuantity(amount).nano > 0n) continue;
    findings.push(invalidValue(`${path}.${name}`, amount, 'must be positive'));
  }
  const utilization = target.averageUtilization;
  if (typeof utilization === 'number' && utilization < 1) {
    findings.push(invalidValue(`${path}.averageUtilization`, utilization, 'must be greater than 0'));
  }
}

function checkTargetKind(findings: Findings, path: string, name: string, target: Fields): void {
  const has = (field: string): boolean => !isNothing(target[field]);
  if (name === 'resource' || name === 'containerResource') {
    if (!has('averageUtilization') && !has('averageValue')) {
      const why = 'must set either a target raw value or a target utilization';
      findings.push(requiredValue(`${path}.averageUtilization`, why));
    }
    if (has('averageUtilization') && has('averageValue')) {
      const why = 'may not set both a target raw value and a target utilization';
      findings.push(forbiddenField(`${path}.averageValue`, why));
    }
  } else if (name === 'pods') {
    if (!has('averageValue'))
      findings.push(requiredValue(`${path}.averageValue`, 'must specify a positive target averageValue'));
  } else if (!has('value') && !has('averageValue')) {
    const why =
      name === 'object'
        ? 'must set either a target value or averageValue'
        : 'must set either a target value for metric or a per-pod target';
    findings.push(requiredValue(`${path}.averageValue`, why));
  } else if (name === 'external' && has('value') && has('averageValue')) {
    const why = 'may not set both a target value for metric and a per-pod target';
    findings.push(forbiddenField(`${path}.value`, why));
  }
}

const longestWindow = 3600;
const longestPeriod = 1800;

function checkScaling(findings: Findings, path: string, rules: Fields): void {
  const window = rules.stabilizationWindowSeconds;
  const at = `${path}.stabilizationWindowSeconds`;
  if (typeof window === 'number' && window < 0) {
    findings.push(invalidValue(at, window, 'must be greater than or equal to zero'));
  }
  if (typeof window === 'number' && window > longestWindow) {
    findings.push(invalidValue(at, window, `must be less than or equal to ${longestWindow}`));
  }
  const select = ['Disabled', 'Max', 'Min'];
  if (typeof rules.selectPolicy === 'string' && !select.includes(rules.selectPolicy)) {
    findings.push(unsupportedValue(`${path}.selectPolicy`, rules.selectPolicy, select));
  }
  const tolerance = typeof rules.tolerance === 'string' ? parseQuantity(rules.tolerance) : undefined;
  if (tolerance && tolerance.nano < 0n) {
    const why = 'must be greater than or equal to 0';
    findings.push(invalidValue(`${path}.tolerance`, formatQuantity(tolerance), why));
  }
  if (itemsOf(rules.policies).length === 0) {
    findings.push(requiredValue(`${path}.policies`, 'must specify at least one Policy'));
  }
  for (const [index, { type, value, periodSeconds }] of itemsOf(rules.policies).entries()) {
    const policy = `${path}.policies[${index}]`;
    if (type !== 'Pods' && type !== 'Percent') {
      findings.push(unsupportedValue(`${policy}.type`, textOf(type), ['Percent', 'Pods']));
    }
    positive(findings, `${policy}.value`, value);
    positive(findings, `${policy}.periodSeconds`, periodSeconds);
    if (Number(periodSeconds) > longestPeriod) {
      const why = `must be less than or equal to ${longestPeriod}`;
      findings.push(invalidValue(`${policy}.periodSeconds`, periodSeconds, why));
    }
  }
}

export function validatePodDisruptionBudget(object: KubeObject): Findings {
  const findings: Findings = [];
  const spec = fieldsOf(contentOf(object).spec);
  if (!isNothing(spec.minAvailable) && !isNothing(spec.maxUnavailable)) {
    const shown = {
      MinAvailable: spec.minAvailable,
      Selector: shownSelector(spec.selector),
      MaxUnavailable: spec.maxUnavailable,
      UnhealthyPodEvictionPolicy: spec.unhealthyPodEvictionPolicy ?? null,
    };
    findings.push(invalidValue('spec', shown, 'minAvailable and maxUnavailable cannot be both set'));
  }
  for (const name of ['minAvailable', 'maxUnavailable']) {
    checkCountOrShare(findings, `spec.${name}`, spec[name]);
    checkAtMostAll(findings, `spec.${name}`, spec[name]);
  }
  checkLabelSelector(findings, 'spec.selector', spec.selector);
  const policies = ['AlwaysAllow', 'IfHealthyBudget'];
  const policy = spec.unhealthyPodEvictionPolicy;
  if (typeof policy === 'string' && !policies.includes(policy)) {
    findings.push(unsupportedValue('spec.unhealthyPodEvictionPolicy', policy, policies));
  }
  return findings;
}

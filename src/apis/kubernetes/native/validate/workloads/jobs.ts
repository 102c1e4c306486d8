/** Jobs: counts, completion modes, the generated selector; what may change while they run. */
import type { KubeObject } from '#kube/meta/object.ts';
import { dns1123Label, dns1123Subdomain } from '#kube/names/validate.ts';
import { invalidValue, requiredValue, tooLong, unsupportedValue } from '#kube/status/causes.ts';
import { contentOf } from '../../prepare/preparation.ts';
import { type Fields, fieldsOf, isFields, itemsOf, sameValue, textOf, withField } from '../../value.ts';
import { type Findings, immutableText, notNegative, texts } from '../findings.ts';
import { checkLabelSelector, selects, shownSelector } from '../labels.ts';
import { checkPodFailurePolicy, checkSuccessPolicy } from './job-policies.ts';
import { checkSelected, checkTemplate } from './templates.ts';

const specOf = (object: KubeObject): Fields => fieldsOf(contentOf(object).spec);

export function validateJob(job: KubeObject): Findings {
  const findings: Findings = [];
  const spec = specOf(job);
  const ofSelector: Findings = [];
  checkLabelSelector(ofSelector, 'spec.selector', spec.selector);
  if (spec.manualSelector !== true && isFields(spec.selector)) {
    checkGenerated(findings, job, spec, ofSelector.length === 0);
  }
  checkJobSpec(findings, 'spec', spec);
  if (isFields(spec.selector)) findings.push(...ofSelector);
  else findings.push(requiredValue('spec.selector'));
  if (ofSelector.length === 0) checkSelected(findings, 'spec.template', spec.selector, fieldsOf(spec.template));
  const { completions } = spec;
  if (spec.completionMode === 'Indexed' && typeof completions === 'number' && completions > 0) {
    const last = `${job.metadata.name ?? ''}-${completions - 1}`;
    if (dns1123Label(last).length > 0) {
      const why = `will not able to create pod with invalid DNS label: ${last}`;
      findings.push(invalidValue('metadata.name', job.metadata.name ?? '', why));
    }
  }
  return findings;
}

/** The labels that tie Pods to this Job must be its own. */
function checkGenerated(findings: Findings, job: KubeObject, spec: Fields, readable: boolean): void {
  const { name = '', uid = '' } = job.metadata;
  const path = 'spec.template.metadata.labels';
  const labels = fieldsOf(fieldsOf(fieldsOf(spec.template).metadata).labels);
  const expected = {
    'controller-uid': uid,
    'job-name': name,
    'batch.kubernetes.io/controller-uid': uid,
    'batch.kubernetes.io/job-name': name,
  };
  if (uid === '') findings.push(requiredValue('metadata.uid'));
  for (const [key, value] of Object.entries(expected)) {
    if (labels[key] === undefined) findings.push(requiredValue(`${path}[${key}]`, `must be '${value}'`));
    else if (labels[key] !== value) findings.push(invalidValue(`${path}[${key}]`, labels, `must be '${value}'`));
  }
  if (!readable || selects(spec.selector, expected)) return;
  findings.push(invalidValue('spec.selector', shownSelector(spec.selector), '`selector` not auto-generated'));
}

const counts = [
  'parallelism',
  'completions',
  'activeDeadlineSeconds',
  'backoffLimit',
  'ttlSecondsAfterFinished',
  'backoffLimitPerIndex',
  'maxFailedIndexes',
];
const longestManager = 63;

/** Of Jobs and of the templates of CronJobs. */
export function checkJobSpec(findings: Findings, path: string, spec: Fields): void {
  for (const name of counts) notNegative(findings, `${path}.${name}`, spec[name]);
  if (spec.maxFailedIndexes !== undefined && spec.backoffLimitPerIndex === undefined) {
    findings.push(requiredValue(`${path}.backoffLimitPerIndex`, 'when maxFailedIndexes is specified'));
  }
  if (typeof spec.managedBy === 'string') checkManager(findings, `${path}.managedBy`, spec.managedBy);
  checkCompletion(findings, path, spec);
  checkPodFailurePolicy(findings, `${path}.podFailurePolicy`, spec);
  if (isFields(spec.successPolicy)) {
    if (spec.completionMode === 'Indexed') checkSuccessPolicy(findings, `${path}.successPolicy`, spec);
    else {
      const why = 'requires indexed completion mode';
      findings.push(invalidValue(`${path}.successPolicy`, shownSuccess(spec.successPolicy), why));
    }
  }
  checkReplacement(findings, `${path}.podReplacementPolicy`, spec);
  checkTemplate(findings, `${path}.template`, fieldsOf(spec.template));
  checkRestarts(findings, `${path}.template.spec.restartPolicy`, spec);
}

/** A success policy as Go prints it. */
const shownSuccess = ({ rules }: Fields): Fields => ({
  Rules: itemsOf(rules).map(({ succeededIndexes, succeededCount }) => ({
    SucceededIndexes: succeededIndexes ?? null,
    SucceededCount: succeededCount ?? null,
  })),
});

function checkManager(findings: Findings, path: string, manager: string): void {
  const [host = '', ...rest] = manager.split('/');
  if (manager === '') findings.push(requiredValue(path));
  else if (host === '' || rest.join('/') === '') {
    findings.push(invalidValue(path, manager, 'must be a domain-prefixed path (such as "acme.io/foo")'));
  } else texts(findings, path, host, dns1123Subdomain(host));
  if (manager.length > longestManager) findings.push(tooLong(path, longestManager));
}

const mostParallel = 100_000;

function checkCompletion(findings: Findings, path: string, spec: Fields): void {
  const { completionMode: mode, completions, parallelism, backoffLimitPerIndex, maxFailedIndexes: failed } = spec;
  if (typeof mode === 'string' && mode !== 'NonIndexed' && mode !== 'Indexed') {
    findings.push(unsupportedValue(`${path}.completionMode`, mode, ['NonIndexed', 'Indexed']));
  }
  if (mode !== 'Indexed') {
    const why = 'requires indexed completion mode';
    if (mode !== undefined && mode !== 'NonIndexed') return;
    if (backoffLimitPerIndex !== undefined) {
      findings.push(invalidValue(`${path}.backoffLimitPerIndex`, backoffLimitPerIndex, why));
    }
    if (failed !== undefined) findings.push(invalidValue(`${path}.maxFailedIndexes`, failed, why));
    return;
  }
  if (completions === undefined) findings.push(requiredValue(`${path}.completions`, 'when completion mode is Indexed'));
  if (Number(parallelism ?? 0) > mostParallel) {
    const why = `must be less than or equal to ${mostParallel} when completion mode is Indexed`;
    findings.push(invalidValue(`${path}.parallelism`, parallelism, why));
  }
  if (typeof completions === 'number' && typeof failed === 'number' && failed > completions) {
    findings.push(invalidValue(`${path}.maxFailedIndexes`, failed, 'must be less than or equal to completions'));
  }
  if (typeof failed === 'number' && failed > mostParallel) {
    findings.push(invalidValue(`${path}.maxFailedIndexes`, failed, `must be less than or equal to ${mostParallel}`));
  }
}

function checkReplacement(findings: Findings, path: string, spec: Fields): void {
  const policy = spec.podReplacementPolicy;
  if (typeof policy !== 'string') return;
  const supported = isFields(spec.podFailurePolicy) ? ['Failed'] : ['Failed', 'TerminatingOrFailed'];
  if (!supported.includes(policy)) findings.push(unsupportedValue(path, policy, supported));
}

/** A Job that always restarts its Pods never ends. */
function checkRestarts(findings: Findings, path: string, spec: Fields): void {
  const policy = textOf(fieldsOf(fieldsOf(spec.template).spec).restartPolicy);
  if (policy === 'Always' || policy === '') {
    findings.push(requiredValue(path, 'valid values: "OnFailure", "Never"'));
  } else if (policy !== 'OnFailure' && policy !== 'Never') {
    findings.push(unsupportedValue(path, policy, ['OnFailure', 'Never']));
  } else if (isFields(spec.podFailurePolicy) && policy !== 'Never') {
    findings.push(invalidValue(path, policy, 'only "Never" is supported when podFailurePolicy is specified'));
  }
}

const immutable = ['completionMode', 'podFailurePolicy', 'backoffLimitPerIndex', 'managedBy', 'successPolicy'];

export function validateJobUpdate(job: KubeObject, old: KubeObject): Findings {
  const findings: Findings = [];
  const spec = specOf(job);
  const before = specOf(old);
  const check = (name: string): void => {
    if (sameValue(spec[name], before[name])) return;
    findings.push(invalidValue(`spec.${name}`, spec[name], immutableText));
  };
  if (spec.completionMode !== 'Indexed') check('completions');
  else if (spec.completions !== undefined && spec.completions !== before.completions) {
    if (spec.completions !== spec.parallelism) {
      const why = 'can only be modified in tandem with spec.parallelism';
      findings.push(invalidValue('spec.completions', spec.completions, why));
    }
  }
  if (!sameValue(spec.selector, before.selector)) {
    findings.push(invalidValue('spec.selector', shownSelector(spec.selector), immutableText));
  }
  if (!sameValue(comparableTemplate(spec, before, old), before.template)) {
    findings.push(invalidValue('spec.template', spec.template, immutableText));
  }
  for (const name of immutable) check(name);
  return findings;
}

const placing = ['nodeSelector', 'tolerations', 'schedulingGates'];

/** While a Job has never started it may still be told where its Pods go. */
function comparableTemplate(spec: Fields, before: Fields, old: KubeObject): Fields {
  const template = fieldsOf(spec.template);
  const status = fieldsOf(contentOf(old).status);
  if (before.suspend !== true || !notStarted(status)) return template;
  const oldTemplate = fieldsOf(before.template);
  const oldSpec = fieldsOf(oldTemplate.spec);
  const oldMetadata = fieldsOf(oldTemplate.metadata);
  let next = fieldsOf(template.spec);
  for (const name of placing) next = withField(next, name, oldSpec[name]);
  const oldAffinity = fieldsOf(oldSpec.affinity);
  const affinity = withField(fieldsOf(next.affinity), 'nodeAffinity', oldAffinity.nodeAffinity);
  const none = Object.keys(affinity).length === 0 && oldSpec.affinity === undefined;
  next = withField(next, 'affinity', none ? undefined : affinity);
  let metadata = fieldsOf(template.metadata);
  for (const name of ['labels', 'annotations']) metadata = withField(metadata, name, oldMetadata[name]);
  return { ...template, metadata, spec: next };
}

function notStarted(status: Fields): boolean {
  if (status.startTime === undefined) return true;
  const suspended = itemsOf(status.conditions).some(({ type, status: is }) => type === 'Suspended' && is === 'True');
  return suspended && !status.active;
}

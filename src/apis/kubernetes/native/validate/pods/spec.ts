/** A PodSpec as a whole, in Pods and in templates. */
import { dns1123Label, dns1123Subdomain, qualifiedName } from '#kube/names/validate.ts';
import { duplicateValue, invalidValue, requiredValue, unsupportedValue } from '#kube/status/causes.ts';
import { type Fields, isFields, itemsOf, textOf } from '../../value.ts';
import { type Findings, forbid, requireOneOf, texts } from '../findings.ts';
import { checkLabels } from '../labels.ts';
import { checkContainerResourceName, checkRequirements } from '../resources.ts';
import { checkContainers, checkEphemeralContainers, checkInitContainers, type PodContext } from './containers.ts';
import { checkFileVolumes } from './environment.ts';
import { checkDns, checkHostAliases, checkHostNames, checkHostNetwork } from './network.ts';
import { checkPodResources } from './pod-resources.ts';
import { checkAffinity, checkSpreading, checkTolerations } from './scheduling.ts';
import { checkHostUsers, checkPodSecurity } from './security.ts';
import { checkVolumes } from './volumes.ts';

const restartPolicies = ['Always', 'OnFailure', 'Never'];
const largestInt32 = 2 ** 31 - 1;

/** `podName` is '' in templates, which are held to a little less than Pods. */
export function checkPodSpec(findings: Findings, path: string, spec: Fields, podName: string): void {
  const volumes = checkVolumes(findings, `${path}.volumes`, itemsOf(spec.volumes), podName);
  const claims = checkClaims(findings, `${path}.resourceClaims`, itemsOf(spec.resourceClaims));
  const pod: PodContext = { spec, volumes, claims };
  checkContainers(findings, `${path}.containers`, pod);
  checkInitContainers(findings, `${path}.initContainers`, pod);
  checkEphemeralContainers(findings, `${path}.ephemeralContainers`, pod);
  checkPodResources(findings, `${path}.resources`, spec, claims);
  checkHostNetwork(findings, path, spec, podName !== '');
  requireOneOf(findings, `${path}.restartPolicy`, spec.restartPolicy, restartPolicies);
  checkLabels(findings, `${path}.nodeSelector`, spec.nodeSelector);
  checkPodSecurity(findings, `${path}.securityContext`, spec);
  checkAffinity(findings, `${path}.affinity`, spec.affinity);
  checkDns(findings, path, spec);
  checkGates(findings, path, spec);
  checkSpreading(findings, `${path}.topologySpreadConstraints`, itemsOf(spec.topologySpreadConstraints));
  checkHostUsers(findings, path, spec);
  checkHostNames(findings, path, spec);
  checkReferences(findings, path, spec);
  checkTimes(findings, path, spec);
  checkTolerations(findings, `${path}.tolerations`, itemsOf(spec.tolerations));
  checkHostAliases(findings, `${path}.hostAliases`, itemsOf(spec.hostAliases));
  checkOverhead(findings, `${path}.overhead`, spec.overhead);
  checkOperatingSystem(findings, path, spec);
  checkFiles(findings, path, spec);
}

function checkClaims(findings: Findings, path: string, claims: readonly Fields[]): ReadonlySet<string> {
  const names = new Set<string>();
  for (const [index, claim] of claims.entries()) {
    const at = `${path}[${index}]`;
    const name = textOf(claim.name);
    if (name === '') findings.push(requiredValue(`${at}.name`));
    else if (names.has(name)) findings.push(duplicateValue(`${at}.name`, name));
    else texts(findings, `${at}.name`, name, dns1123Label(name));
    if (name !== '') names.add(name);
    const given = ['resourceClaimName', 'resourceClaimTemplateName'].filter(
      (field) => typeof claim[field] === 'string',
    );
    if (given.length === 2) {
      const why = 'at most one of `resourceClaimName` or `resourceClaimTemplateName` may be specified';
      findings.push(invalidValue(at, shownClaim(claim), why));
    }
    if (given.length === 0) {
      const why = 'must specify one of: `resourceClaimName`, `resourceClaimTemplateName`';
      findings.push(invalidValue(at, shownClaim(claim), why));
    }
    for (const field of given) texts(findings, `${at}.${field}`, claim[field], dns1123Subdomain(textOf(claim[field])));
  }
  return names;
}

const shownClaim = ({ name, resourceClaimName, resourceClaimTemplateName }: Fields): Fields => ({
  Name: name,
  ResourceClaimName: resourceClaimName ?? null,
  ResourceClaimTemplateName: resourceClaimTemplateName ?? null,
});

function checkGates(findings: Findings, path: string, spec: Fields): void {
  for (const [index, gate] of itemsOf(spec.readinessGates).entries()) {
    const type = textOf(gate.conditionType);
    texts(findings, `${path}.readinessGates[${index}].conditionType`, type, qualifiedName(type));
  }
  const seen = new Set<string>();
  for (const [index, gate] of itemsOf(spec.schedulingGates).entries()) {
    const at = `${path}.schedulingGates[${index}]`;
    const name = textOf(gate.name);
    texts(findings, at, name, qualifiedName(name));
    if (seen.has(name)) findings.push(duplicateValue(at, name));
    seen.add(name);
  }
}

/** Names of other objects. */
const references = ['serviceAccountName', 'nodeName', 'priorityClassName', 'runtimeClassName'];
const preemptionPolicies = ['PreemptLowerPriority', 'Never'];

function checkReferences(findings: Findings, path: string, spec: Fields): void {
  for (const name of references) {
    const value = spec[name];
    if (typeof value === 'string' && (value !== '' || name === 'runtimeClassName')) {
      texts(findings, `${path}.${name}`, value, dns1123Subdomain(value));
    }
  }
  if (typeof spec.preemptionPolicy === 'string') {
    requireOneOf(findings, `${path}.preemptionPolicy`, spec.preemptionPolicy, preemptionPolicies);
  }
}

function checkTimes(findings: Findings, path: string, spec: Fields): void {
  if (spec.terminationGracePeriodSeconds === undefined) {
    findings.push(requiredValue(`${path}.terminationGracePeriodSeconds`));
  }
  const deadline = spec.activeDeadlineSeconds;
  if (typeof deadline === 'number' && (deadline < 1 || deadline > largestInt32)) {
    const why = `must be between 1 and ${largestInt32}, inclusive`;
    findings.push(invalidValue(`${path}.activeDeadlineSeconds`, deadline, why));
  }
}

/** Held to the rules for the limits of a container, also in RuntimeClasses. */
export function checkOverhead(findings: Findings, path: string, overhead: unknown): void {
  const limits = { limits: overhead };
  if (isFields(overhead)) checkRequirements(findings, path, limits, checkContainerResourceName, new Set());
}

const systems = ['linux', 'windows'];

function checkOperatingSystem(findings: Findings, path: string, spec: Fields): void {
  if (!isFields(spec.os)) return;
  const name = textOf(spec.os.name);
  if (name === '') findings.push(requiredValue(`${path}.os.name`));
  else if (!systems.includes(name)) findings.push(unsupportedValue(`${path}.os`, name, systems));
  else if (name === 'windows') checkWindows(findings, path, spec);
  else {
    const why = 'windows options cannot be set for a linux pod';
    for (const [at, context] of securityContexts(path, spec))
      forbid(findings, `${at}.windowsOptions`, context.windowsOptions, why);
  }
}

const notOnWindows = [
  'appArmorProfile',
  'seLinuxOptions',
  'seccompProfile',
  'fsGroup',
  'fsGroupChangePolicy',
  'sysctls',
  'runAsUser',
  'runAsGroup',
  'supplementalGroups',
  'supplementalGroupsPolicy',
  'seLinuxChangePolicy',
  'capabilities',
  'readOnlyRootFilesystem',
  'privileged',
  'allowPrivilegeEscalation',
  'procMount',
];

function checkWindows(findings: Findings, path: string, spec: Fields): void {
  const why = 'cannot be set for a windows pod';
  for (const name of ['hostUsers', 'hostPID', 'hostIPC', 'shareProcessNamespace'])
    forbid(findings, `${path}.${name}`, spec[name], why);
  for (const [at, context] of securityContexts(path, spec)) {
    for (const name of notOnWindows) forbid(findings, `${at}.${name}`, context[name], why);
  }
}

/** The Pod's and those of all its containers, with their paths. */
function securityContexts(path: string, spec: Fields): readonly (readonly [string, Fields])[] {
  const found: (readonly [string, Fields])[] = [];
  const add = (at: string, context: unknown): void => {
    if (isFields(context)) found.push([`${at}.securityContext`, context]);
  };
  add(path, spec.securityContext);
  for (const list of containerLists) {
    for (const [index, container] of itemsOf(spec[list]).entries())
      add(`${path}.${list}[${index}]`, container.securityContext);
  }
  return found;
}

const containerLists = ['initContainers', 'containers', 'ephemeralContainers'];

function checkFiles(findings: Findings, path: string, spec: Fields): void {
  for (const list of containerLists) {
    for (const [index, container] of itemsOf(spec[list]).entries()) {
      if (!Array.isArray(container.env)) continue;
      checkFileVolumes(findings, `${path}.${list}[${index}].env`, itemsOf(container.env), itemsOf(spec.volumes));
    }
  }
}

/** Containers, init containers and ephemeral containers. */
import { dns1123Label } from '#kube/names/validate.ts';
import { duplicateValue, invalidValue, requiredValue } from '#kube/status/causes.ts';
import { type Fields, isFields, itemsOf, textOf } from '../../value.ts';
import { type Findings, forbid, notFoundValue, portNumber, requireOneOf, texts } from '../findings.ts';
import { portName } from '../names.ts';
import { checkContainerResourceName, checkRequirements } from '../resources.ts';
import { checkEnvironment, checkEnvironmentFrom } from './environment.ts';
import { checkMounts, type Volumes } from './mounts.ts';
import { checkHostPorts } from './network.ts';
import { checkLifecycle, checkProbes } from './probes.ts';
import { checkInitRestarts, checkRestarts } from './restarts.ts';
import { checkContainerSecurity } from './security.ts';

/** What a container must know of its Pod. */
export interface PodContext {
  readonly spec: Fields;
  readonly volumes: Volumes;
  /** Names of spec.resourceClaims. */
  readonly claims: ReadonlySet<string>;
}

const terminationPolicies = ['File', 'FallbackToLogsOnError'];
const pullPolicies = ['Always', 'IfNotPresent', 'Never'];
const protocols = ['SCTP', 'TCP', 'UDP'];

export function checkContainers(findings: Findings, path: string, pod: PodContext): void {
  const containers = itemsOf(pod.spec.containers);
  if (containers.length === 0) {
    findings.push(requiredValue(path));
    return;
  }
  const names = new Set<string>();
  for (const [index, container] of containers.entries()) {
    const at = `${path}[${index}]`;
    checkContainer(findings, at, container, pod);
    checkUnique(findings, at, textOf(container.name), names);
    checkRunning(findings, at, container, pod);
    checkRestarts(findings, at, container);
  }
  checkHostPorts(findings, path, containers);
}

/** Hooks and probes, of what runs as long as the Pod. */
function checkRunning(findings: Findings, path: string, container: Fields, { spec }: PodContext): void {
  checkLifecycle(findings, `${path}.lifecycle`, container.lifecycle, spec.terminationGracePeriodSeconds);
  checkProbes(findings, path, container);
}

const onlyRestarted = 'may not be set for init containers without restartPolicy=Always';

export function checkInitContainers(findings: Findings, path: string, pod: PodContext): void {
  const names = new Set(itemsOf(pod.spec.containers).map(({ name }) => textOf(name)));
  for (const [index, container] of itemsOf(pod.spec.initContainers).entries()) {
    const at = `${path}[${index}]`;
    checkContainer(findings, at, container, pod);
    checkInitRestarts(findings, at, container);
    checkUnique(findings, at, textOf(container.name), names);
    names.delete('');
    checkHostPorts(findings, path, [container]);
    if (container.restartPolicy === 'Always') checkRunning(findings, at, container, pod);
    else {
      for (const name of ['lifecycle', 'livenessProbe', 'readinessProbe', 'startupProbe']) {
        forbid(findings, `${at}.${name}`, container[name], onlyRestarted);
      }
    }
  }
}

const notEphemeral = [
  'ports',
  'resources',
  'livenessProbe',
  'readinessProbe',
  'startupProbe',
  'lifecycle',
  'restartPolicy',
  'restartPolicyRules',
  'resizePolicy',
];

export function checkEphemeralContainers(findings: Findings, path: string, pod: PodContext): void {
  const ephemeral = itemsOf(pod.spec.ephemeralContainers);
  if (ephemeral.length === 0) return;
  const others = new Set(
    [...itemsOf(pod.spec.containers), ...itemsOf(pod.spec.initContainers)].map(({ name }) => textOf(name)),
  );
  const names = new Set(others);
  const why = 'cannot be set for an Ephemeral Container';
  for (const [index, container] of ephemeral.entries()) {
    const at = `${path}[${index}]`;
    checkContainer(findings, at, container, pod);
    checkTrimmed(findings, at, container);
    checkUnique(findings, at, textOf(container.name), names);
    const target = textOf(container.targetContainerName);
    if (target !== '' && !others.has(target)) findings.push(notFoundValue(`${at}.targetContainerName`, target));
    for (const name of notEphemeral) {
      const value = container[name];
      if (name === 'resources' && isFields(value) && Object.keys(value).length === 0) continue;
      forbid(findings, `${at}.${name}`, value, why);
    }
    for (const [mount, { subPath, subPathExpr }] of itemsOf(container.volumeMounts).entries()) {
      forbid(findings, `${at}.volumeMounts[${mount}].subPath`, subPath, why);
      forbid(findings, `${at}.volumeMounts[${mount}].subPathExpr`, subPathExpr, why);
    }
  }
}

function checkUnique(findings: Findings, path: string, name: string, names: Set<string>): void {
  if (names.has(name)) findings.push(duplicateValue(`${path}.name`, name));
  names.add(name);
}

function checkContainer(findings: Findings, path: string, container: Fields, pod: PodContext): void {
  const name = textOf(container.name);
  if (name === '') findings.push(requiredValue(`${path}.name`));
  else texts(findings, `${path}.name`, name, dns1123Label(name));
  if (!container.image) findings.push(requiredValue(`${path}.image`));
  const termination = container.terminationMessagePolicy;
  requireOneOf(findings, `${path}.terminationMessagePolicy`, termination, terminationPolicies);
  checkPorts(findings, `${path}.ports`, itemsOf(container.ports));
  checkEnvironment(findings, `${path}.env`, itemsOf(container.env));
  checkEnvironmentFrom(findings, `${path}.envFrom`, itemsOf(container.envFrom));
  checkMounts(findings, path, container, pod.volumes);
  requireOneOf(findings, `${path}.imagePullPolicy`, container.imagePullPolicy, pullPolicies);
  checkRequirements(findings, `${path}.resources`, container.resources, checkContainerResourceName, pod.claims);
  checkResizing(findings, `${path}.resizePolicy`, itemsOf(container.resizePolicy), pod.spec.restartPolicy);
  checkContainerSecurity(findings, `${path}.securityContext`, container.securityContext, pod.spec.hostUsers !== false);
}

function checkPorts(findings: Findings, path: string, ports: readonly Fields[]): void {
  const names = new Set<string>();
  for (const [index, port] of ports.entries()) {
    const at = `${path}[${index}]`;
    const name = textOf(port.name);
    if (name !== '') {
      const wrong = portName(name);
      texts(findings, `${at}.name`, name, wrong);
      if (names.has(name)) findings.push(duplicateValue(`${at}.name`, name));
      if (wrong.length === 0) names.add(name);
    }
    if (!port.containerPort) findings.push(requiredValue(`${at}.containerPort`));
    else portNumber(findings, `${at}.containerPort`, port.containerPort);
    if (port.hostPort) portNumber(findings, `${at}.hostPort`, port.hostPort);
    requireOneOf(findings, `${at}.protocol`, port.protocol, protocols);
  }
}

const resizable = ['cpu', 'memory'];
const resizePolicies = ['NotRequired', 'RestartContainer'];

/** Paths are the list's, as kube-apiserver has them. */
function checkResizing(findings: Findings, path: string, policies: readonly Fields[], podRestarts: unknown): void {
  const seen = new Set<unknown>();
  for (const [index, { resourceName, restartPolicy }] of policies.entries()) {
    if (seen.has(resourceName)) findings.push(duplicateValue(`${path}[${index}]`, resourceName));
    seen.add(resourceName);
    requireOneOf(findings, path, resourceName, resizable);
    requireOneOf(findings, path, restartPolicy, resizePolicies);
    if (podRestarts === 'Never' && restartPolicy !== 'NotRequired') {
      const why = "must be 'NotRequired' when `restartPolicy` is 'Never'";
      findings.push(invalidValue(path, restartPolicy, why));
    }
  }
}

/** Only Pods are held to it; templates never were. */
export function checkTrimmed(findings: Findings, path: string, container: Fields): void {
  const image = textOf(container.image);
  if (image === image.trim()) return;
  findings.push(invalidValue(`${path}.image`, image, 'must not have leading or trailing whitespace'));
}

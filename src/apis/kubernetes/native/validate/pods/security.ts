/** Security contexts of Pods and containers. */
import { duplicateValue, forbiddenField, invalidValue, requiredValue, unsupportedValue } from '#kube/status/causes.ts';
import { type Fields, fieldsOf, isFields, itemsOf, textOf } from '../../value.ts';
import { between, type Findings } from '../findings.ts';
import { checkDescending } from './paths.ts';

const largestId = 2 ** 31 - 1;

function checkId(findings: Findings, path: string, id: unknown): void {
  if (typeof id === 'number') between(findings, path, id, 0, largestId);
}

export function checkPodSecurity(findings: Findings, path: string, spec: Fields): void {
  const context = spec.securityContext;
  if (!isFields(context)) return;
  for (const name of ['fsGroup', 'runAsUser', 'runAsGroup']) checkId(findings, `${path}.${name}`, context[name]);
  for (const [index, id] of (itemsOf(context.supplementalGroups) as readonly unknown[]).entries()) {
    checkId(findings, `${path}.supplementalGroups[${index}]`, id);
  }
  if (spec.shareProcessNamespace === true && spec.hostPID === true) {
    const why = 'ShareProcessNamespace and HostPID cannot both be enabled';
    findings.push(invalidValue(`${path}.shareProcessNamespace`, true, why));
  }
  checkSysctls(findings, `${path}.sysctls`, itemsOf(context.sysctls), spec);
  checkPolicy(findings, `${path}.fsGroupChangePolicy`, context.fsGroupChangePolicy, ['Always', 'OnRootMismatch']);
  checkSeccomp(findings, `${path}.seccompProfile`, context.seccompProfile);
  checkAppArmor(findings, `${path}.appArmorProfile`, context.appArmorProfile);
  checkPolicy(findings, `${path}.supplementalGroupsPolicy`, context.supplementalGroupsPolicy, ['Merge', 'Strict']);
  checkPolicy(findings, `${path}.seLinuxChangePolicy`, context.seLinuxChangePolicy, ['Recursive']);
}

function checkPolicy(findings: Findings, path: string, policy: unknown, supported: readonly string[]): void {
  if (typeof policy === 'string' && !supported.includes(policy)) {
    findings.push(unsupportedValue(path, policy, supported));
  }
}

const sysctlSegment = '[a-z0-9]([-_a-z0-9]*[a-z0-9])?';
const sysctlText = `^(${sysctlSegment}[\\./])*${sysctlSegment}$`;
const sysctlPattern = new RegExp(sysctlText);
const longestSysctl = 253;

/** Those of a namespace that the Pod shares with its host are the host's. */
function checkSysctls(findings: Findings, path: string, sysctls: readonly Fields[], spec: Fields): void {
  const seen = new Set<string>();
  for (const [index, sysctl] of sysctls.entries()) {
    const at = `${path}[${index}].name`;
    const name = textOf(sysctl.name);
    if (name === '') findings.push(requiredValue(at));
    else if (name.length > longestSysctl || !sysctlPattern.test(name)) {
      const why = `must have at most ${longestSysctl} characters and match regex ${sysctlText}`;
      findings.push(invalidValue(at, name, why));
    } else if (seen.has(name)) findings.push(duplicateValue(at, name));
    const dotted = name.replaceAll('/', '.');
    if (spec.hostNetwork === true && dotted.startsWith('net.')) {
      findings.push(invalidValue(at, name, "may not be specified when 'hostNetwork' is true"));
    } else if (spec.hostIPC === true && /^(kernel\.(shm|msg|sem)|fs\.mqueue\.)/.test(dotted)) {
      findings.push(invalidValue(at, name, "may not be specified when 'hostIPC' is true"));
    }
    seen.add(name);
  }
}

const profileTypes = ['Localhost', 'RuntimeDefault', 'Unconfined'];

function checkSeccomp(findings: Findings, path: string, profile: unknown): void {
  if (!isFields(profile)) return;
  const { type, localhostProfile: local } = profile;
  if (!type) findings.push(requiredValue(`${path}.type`, 'type is required when seccompProfile is set'));
  else if (!profileTypes.includes(type as string)) findings.push(unsupportedValue(`${path}.type`, type, profileTypes));
  const at = `${path}.localhostProfile`;
  if (type === 'Localhost') {
    if (typeof local === 'string') checkDescending(findings, at, local);
    else findings.push(requiredValue(at, 'must be set when seccomp type is Localhost'));
  } else if (typeof local === 'string') {
    const shown = { Type: type, LocalhostProfile: local };
    findings.push(invalidValue(at, shown, 'can only be set when seccomp type is Localhost'));
  }
}

function checkAppArmor(findings: Findings, path: string, profile: unknown): void {
  if (!isFields(profile)) return;
  const { type, localhostProfile: local } = profile;
  const at = `${path}.localhostProfile`;
  if (!type) findings.push(requiredValue(`${path}.type`, 'type is required when appArmorProfile is set'));
  else if (!profileTypes.includes(type as string)) findings.push(unsupportedValue(`${path}.type`, type, profileTypes));
  else if (type === 'Localhost') {
    if (typeof local !== 'string' || local.trim() === '') {
      findings.push(requiredValue(at, 'must be set when AppArmor type is Localhost'));
    } else if (local !== local.trim()) findings.push(invalidValue(at, local, 'must not be padded with whitespace'));
  } else if (typeof local === 'string') {
    findings.push(invalidValue(at, local, 'can only be set when AppArmor type is Localhost'));
  }
}

/** `hostUsers` is false in Pods with user namespaces of their own. */
export function checkContainerSecurity(findings: Findings, path: string, context: unknown, hostUsers: boolean): void {
  if (!isFields(context)) return;
  checkId(findings, `${path}.runAsUser`, context.runAsUser);
  checkId(findings, `${path}.runAsGroup`, context.runAsGroup);
  const mount = context.procMount;
  if (typeof mount === 'string') {
    checkPolicy(findings, `${path}.procMount`, mount, ['Default', 'Unmasked']);
    if (hostUsers && mount === 'Unmasked') {
      findings.push(invalidValue(`${path}.procMount`, mount, '`hostUsers` must be false to use `Unmasked`'));
    }
  }
  checkSeccomp(findings, `${path}.seccompProfile`, context.seccompProfile);
  if (context.allowPrivilegeEscalation === false) {
    if (context.privileged === true) {
      const why = 'cannot set `allowPrivilegeEscalation` to false and `privileged` to true';
      findings.push(invalidValue(path, context, why));
    }
    if ((itemsOf(fieldsOf(context.capabilities).add) as readonly unknown[]).includes('CAP_SYS_ADMIN')) {
      const why = 'cannot set `allowPrivilegeEscalation` to false and `capabilities.Add` CAP_SYS_ADMIN';
      findings.push(invalidValue(path, context, why));
    }
  }
  checkAppArmor(findings, `${path}.appArmorProfile`, context.appArmorProfile);
}

/** User namespaces of its own leave a Pod nothing of the host to share. */
export function checkHostUsers(findings: Findings, path: string, spec: Fields): void {
  if (spec.hostUsers !== false) return;
  const why = 'when `hostUsers` is false';
  if (spec.hostNetwork === true) findings.push(forbiddenField(`${path}.hostNetwork`, why));
  if (spec.hostPID === true) findings.push(forbiddenField(`${path}.HostPID`, why));
  if (spec.hostIPC === true) findings.push(forbiddenField(`${path}.HostIPC`, why));
  for (const list of ['initContainers', 'containers', 'ephemeralContainers']) {
    for (const [index, container] of itemsOf(spec[list]).entries()) {
      if (itemsOf(container.volumeDevices).length === 0) continue;
      findings.push(forbiddenField(`${path}.${list}[${index}].volumeDevices`, why));
    }
  }
}

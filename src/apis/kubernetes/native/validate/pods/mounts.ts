/** Volume mounts and devices of a container: they refer to the Pod's volumes and do not get in each other's way. */
import { forbiddenField, invalidValue, requiredValue, unsupportedValue } from '#kube/status/causes.ts';
import { type Fields, fieldsOf, isFields, itemsOf, textOf } from '../../value.ts';
import { type Findings, notFoundValue } from '../findings.ts';
import { checkDescending } from './paths.ts';

/** Volumes that are valid, by name. */
export type Volumes = ReadonlyMap<string, Fields>;

export function checkMounts(findings: Findings, path: string, container: Fields, volumes: Volumes): void {
  const mounts = itemsOf(container.volumeMounts);
  const devices = itemsOf(container.volumeDevices);
  if (mounts.length > 0) checkVolumeMounts(findings, `${path}.volumeMounts`, container, mounts, devices, volumes);
  if (devices.length > 0) checkDevices(findings, `${path}.volumeDevices`, devices, mounts, volumes);
}

function checkVolumeMounts(
  findings: Findings,
  path: string,
  container: Fields,
  mounts: readonly Fields[],
  devices: readonly Fields[],
  volumes: Volumes,
): void {
  const taken = new Set<string>();
  for (const [index, mount] of mounts.entries()) {
    const at = `${path}[${index}]`;
    const name = textOf(mount.name);
    const target = textOf(mount.mountPath);
    if (name === '') findings.push(requiredValue(`${at}.name`));
    if (!volumes.has(name)) findings.push(notFoundValue(`${at}.name`, name));
    if (target === '') findings.push(requiredValue(`${at}.mountPath`));
    if (taken.has(target)) findings.push(invalidValue(`${at}.mountPath`, target, 'must be unique'));
    taken.add(target);
    if (devices.some((device) => device.name === name)) {
      findings.push(invalidValue(`${at}.name`, name, 'must not already exist in volumeDevices'));
    }
    if (devices.some((device) => device.devicePath === target)) {
      findings.push(invalidValue(`${at}.mountPath`, target, 'must not already exist as a path in volumeDevices'));
    }
    checkSubPaths(findings, path, at, mount);
    checkPropagation(findings, path, container, mount);
  }
}

/** kube-apiserver leaves the index out of some of these paths, and so do we. */
function checkSubPaths(findings: Findings, path: string, at: string, mount: Fields): void {
  const subPath = textOf(mount.subPath);
  const expression = textOf(mount.subPathExpr);
  if (subPath !== '') checkDescending(findings, `${path}.subPath`, subPath);
  if (expression === '') return;
  if (subPath !== '') {
    findings.push(invalidValue(`${at}.subPathExpr`, expression, 'subPathExpr and subPath are mutually exclusive'));
  }
  checkDescending(findings, `${path}.subPathExpr`, expression);
}

const propagations = ['Bidirectional', 'HostToContainer', 'None'];
const recursions = ['Disabled', 'Enabled', 'IfPossible'];

function checkPropagation(findings: Findings, path: string, container: Fields, mount: Fields): void {
  const { mountPropagation: propagation, recursiveReadOnly: recursive } = mount;
  if (typeof propagation === 'string') {
    const at = `${path}.mountPropagation`;
    if (!propagations.includes(propagation)) findings.push(unsupportedValue(at, propagation, propagations));
    if (propagation === 'Bidirectional' && fieldsOf(container.securityContext).privileged !== true) {
      const why = 'Bidirectional mount propagation is available only to privileged containers';
      findings.push(forbiddenField(at, why));
    }
  }
  if (typeof recursive !== 'string' || recursive === 'Disabled') return;
  const at = `${path}.recursiveReadOnly`;
  if (!recursions.includes(recursive)) {
    findings.push(unsupportedValue(at, recursive, recursions));
    return;
  }
  if (mount.readOnly !== true) findings.push(forbiddenField(at, 'may only be specified when readOnly is true'));
  if (typeof propagation === 'string' && propagation !== 'None') {
    findings.push(forbiddenField(at, 'may only be specified when mountPropagation is None or not specified'));
  }
}

function checkDevices(
  findings: Findings,
  path: string,
  devices: readonly Fields[],
  mounts: readonly Fields[],
  volumes: Volumes,
): void {
  const names = new Set<string>();
  const paths = new Set<string>();
  for (const [index, device] of devices.entries()) {
    const at = `${path}[${index}]`;
    const name = textOf(device.name);
    const target = textOf(device.devicePath);
    const volume = volumes.get(name);
    if (name === '') findings.push(requiredValue(`${at}.name`));
    else if (names.has(name)) findings.push(invalidValue(`${at}.name`, name, 'must be unique'));
    if (volume && !isFields(volume.persistentVolumeClaim) && !isFields(volume.ephemeral)) {
      const why = 'can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode';
      findings.push(invalidValue(`${at}.name`, name, why));
    }
    if (!volume) findings.push(notFoundValue(`${at}.name`, name));
    if (target === '') findings.push(requiredValue(`${at}.devicePath`));
    if (paths.has(target)) findings.push(invalidValue(`${at}.devicePath`, target, 'must be unique'));
    if (target.split('/').includes('..')) {
      findings.push(invalidValue(`${at}.devicePath`, target, "can not contain backsteps ('..')"));
    }
    if (mounts.some((mount) => mount.mountPath === target)) {
      findings.push(invalidValue(`${at}.devicePath`, target, 'must not already exist as a path in volumeMounts'));
    }
    if (mounts.some((mount) => mount.name === name)) {
      findings.push(invalidValue(`${at}.name`, name, 'must not already exist in volumeMounts'));
    }
    names.add(name);
    paths.add(target);
  }
}

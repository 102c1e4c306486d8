/** Environment variables and the downward API. */
import { dns1123Label, dns1123Subdomain, qualifiedName } from '#kube/names/validate.ts';
import { invalidValue, requiredValue, unsupportedValue } from '#kube/status/causes.ts';
import { type Fields, fieldsOf, isFields, itemsOf, textOf } from '../../value.ts';
import { type Findings, requireText, texts } from '../findings.ts';
import { configKey, variableName } from '../names.ts';
import { checkNoBacksteps } from './paths.ts';

const environmentFields = [
  'metadata.name',
  'metadata.namespace',
  'metadata.uid',
  'spec.nodeName',
  'spec.serviceAccountName',
  'status.hostIP',
  'status.hostIPs',
  'status.podIP',
  'status.podIPs',
];
export const volumeFields = [
  'metadata.annotations',
  'metadata.labels',
  'metadata.name',
  'metadata.namespace',
  'metadata.uid',
];
const knownFields = new Set([
  ...environmentFields,
  ...volumeFields,
  'spec.restartPolicy',
  'spec.schedulerName',
  'status.phase',
]);

export function checkEnvironment(findings: Findings, path: string, variables: readonly Fields[]): void {
  for (const [index, variable] of variables.entries()) {
    const at = `${path}[${index}]`;
    const name = textOf(variable.name);
    if (name === '') findings.push(requiredValue(`${at}.name`));
    else texts(findings, `${at}.name`, name, variableName(name));
    if (isFields(variable.valueFrom))
      checkSource(findings, `${at}.valueFrom`, variable.valueFrom, textOf(variable.value));
  }
}

function checkSource(findings: Findings, path: string, source: Fields, value: string): void {
  const { fieldRef, resourceFieldRef, configMapKeyRef, secretKeyRef, fileKeyRef } = source;
  if (isFields(fieldRef)) checkFieldRef(findings, `${path}.fieldRef`, fieldRef, environmentFields);
  if (isFields(resourceFieldRef)) checkResourceRef(findings, `${path}.resourceFieldRef`, resourceFieldRef, false);
  if (isFields(configMapKeyRef)) checkKeyRef(findings, `${path}.configMapKeyRef`, configMapKeyRef);
  if (isFields(secretKeyRef)) checkKeyRef(findings, `${path}.secretKeyRef`, secretKeyRef);
  if (isFields(fileKeyRef)) checkFileRef(findings, `${path}.fileKeyRef`, fileKeyRef);
  const count = [fieldRef, resourceFieldRef, configMapKeyRef, secretKeyRef, fileKeyRef].filter(isFields).length;
  const said = 'must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`';
  if (count === 0) findings.push(invalidValue(path, '', said));
  else if (value !== '') findings.push(invalidValue(path, '', 'may not be specified when `value` is not empty'));
  else if (count > 1) findings.push(invalidValue(path, '', 'may not have more than one field specified at a time'));
}

const subscript = /^(.*)\['(.*)'\]$/;

/** A field of the Pod itself; `supported` depends on where it is read. */
export function checkFieldRef(findings: Findings, path: string, reference: Fields, supported: readonly string[]): void {
  if (!requireText(findings, `${path}.apiVersion`, reference.apiVersion)) return;
  if (!requireText(findings, `${path}.fieldPath`, reference.fieldPath)) return;
  const { fieldPath } = reference;
  if (reference.apiVersion !== 'v1') {
    const why = `error converting fieldPath: unsupported pod version: ${textOf(reference.apiVersion)}`;
    findings.push(invalidValue(`${path}.fieldPath`, fieldPath, why));
    return;
  }
  const [, base, key = ''] = subscript.exec(fieldPath) ?? [];
  if (base === 'metadata.annotations') texts(findings, path, key.toLowerCase(), qualifiedName(key.toLowerCase()));
  else if (base === 'metadata.labels') texts(findings, path, key, qualifiedName(key));
  else if (base !== undefined || !knownFields.has(fieldPath === 'spec.host' ? 'spec.nodeName' : fieldPath)) {
    const why = `error converting fieldPath: field label not supported: ${fieldPath}`;
    findings.push(invalidValue(`${path}.fieldPath`, fieldPath, why));
  } else if (!supported.includes(fieldPath)) findings.push(unsupportedValue(`${path}.fieldPath`, fieldPath, supported));
}

const resourceFields = [
  'limits.cpu',
  'limits.ephemeral-storage',
  'limits.memory',
  'requests.cpu',
  'requests.ephemeral-storage',
  'requests.memory',
];
const byteDivisors = ['1', '1k', '1M', '1G', '1T', '1P', '1E', '1Ki', '1Mi', '1Gi', '1Ti', '1Pi', '1Ei'];

export function checkResourceRef(findings: Findings, path: string, reference: Fields, inVolume: boolean): void {
  const resource = textOf(reference.resource);
  const pages = /^(limits|requests)\.hugepages-/.test(resource);
  if (inVolume && !reference.containerName) findings.push(requiredValue(`${path}.containerName`));
  else if (resource === '') findings.push(requiredValue(`${path}.resource`));
  else if (!pages && !resourceFields.includes(resource)) {
    findings.push(unsupportedValue(`${path}.resource`, resource, resourceFields));
  }
  const divisor = textOf(reference.divisor);
  if (divisor === '' || divisor === '0') return;
  const [, kind = ''] = resource.split(/\.(.*)/);
  if (kind === 'cpu') {
    if (divisor === '1' || divisor === '1m') return;
    const why = "only divisor's values 1m and 1 are supported with the cpu resource";
    findings.push(invalidValue(`${path}.divisor`, resource, why));
  } else if ((pages || resourceFields.includes(resource)) && !byteDivisors.includes(divisor)) {
    const named = pages ? 'hugepages' : kind === 'memory' ? 'memory' : 'local ephemeral storage';
    const why = `only divisor's values ${byteDivisors.join(', ')} are supported with the ${named} resource`;
    findings.push(invalidValue(`${path}.divisor`, resource, why));
  }
}

function checkKeyRef(findings: Findings, path: string, reference: Fields): void {
  const name = textOf(reference.name);
  texts(findings, `${path}.name`, name, dns1123Subdomain(name));
  if (requireText(findings, `${path}.key`, reference.key)) {
    texts(findings, `${path}.key`, reference.key, configKey(reference.key));
  }
}

function checkFileRef(findings: Findings, path: string, reference: Fields): void {
  const { key, volumeName } = reference;
  if (requireText(findings, `${path}.key`, key)) texts(findings, `${path}.key`, key, variableName(key));
  if (requireText(findings, `${path}.volumeName`, volumeName)) {
    texts(findings, `${path}.volumeName`, volumeName, dns1123Label(volumeName));
  }
  if (requireText(findings, `${path}.path`, reference.path)) checkNoBacksteps(findings, `${path}.path`, reference.path);
}

export function checkEnvironmentFrom(findings: Findings, path: string, sources: readonly Fields[]): void {
  for (const [index, source] of sources.entries()) {
    const at = `${path}[${index}]`;
    const prefix = textOf(source.prefix);
    if (prefix !== '') texts(findings, `${at}.prefix`, prefix, variableName(prefix));
    const given = ['configMapRef', 'secretRef'].filter((name) => isFields(source[name]));
    for (const each of given) {
      const name = fieldsOf(source[each]).name;
      if (requireText(findings, `${at}.${each}.name`, name)) {
        texts(findings, `${at}.${each}.name`, name, dns1123Subdomain(name.replace(/-$/, 'a')));
      }
    }
    if (given.length === 0) findings.push(invalidValue(path, '', 'must specify one of: `configMapRef` or `secretRef`'));
    if (given.length > 1) findings.push(invalidValue(path, '', 'may not have more than one field specified at a time'));
  }
}

/** Variables read from files need the emptyDir that holds them. */
export function checkFileVolumes(
  findings: Findings,
  path: string,
  variables: readonly Fields[],
  volumes: readonly Fields[],
): void {
  for (const [index, variable] of variables.entries()) {
    const reference = fieldsOf(variable.valueFrom).fileKeyRef;
    if (!isFields(reference)) continue;
    const at = `${path}[${index}].valueFrom.fileKeyRef.volumeName`;
    const volume = itemsOf(volumes).find(({ name }) => name === reference.volumeName);
    if (!volume)
      findings.push({
        reason: 'FieldValueNotFound',
        field: at,
        message: `Not found: ${JSON.stringify(reference.volumeName)}`,
      });
    else if (!isFields(volume.emptyDir)) {
      findings.push(invalidValue(at, reference.volumeName, 'referenced volume must be of type emptyDir'));
    }
  }
}

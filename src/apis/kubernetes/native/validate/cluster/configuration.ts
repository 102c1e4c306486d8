/** ConfigMaps and Secrets: keys, size, the keys a Secret's type asks for, and the immutable flag. */
import { Buffer } from 'node:buffer';
import type { KubeObject } from '#kube/meta/object.ts';
import { forbiddenField, invalidValue, requiredValue, tooLong } from '#kube/status/causes.ts';
import { decodedLength } from '../../base64.ts';
import { contentOf } from '../../prepare/preparation.ts';
import { type Fields, fieldsOf, sameValue, textOf } from '../../value.ts';
import { type Findings, immutableText, texts } from '../findings.ts';
import { configKey } from '../names.ts';

/** All values of a ConfigMap or a Secret together: 1 MiB. */
const sizeLimit = 1_048_576;

function checkKeys(findings: Findings, path: string, values: Fields, lengthOf: (value: string) => number): number {
  let size = 0;
  for (const key in values) {
    texts(findings, `${path}[${key}]`, key, configKey(key));
    size += lengthOf(textOf(values[key]));
  }
  return size;
}

const textLength = (text: string): number => Buffer.byteLength(text, 'utf8');

export function validateConfigMap(object: KubeObject): Findings {
  const findings: Findings = [];
  const data = fieldsOf(contentOf(object).data);
  const binary = fieldsOf(contentOf(object).binaryData);
  const size = checkKeys(findings, 'data', data, textLength) + checkKeys(findings, 'binaryData', binary, decodedLength);
  for (const key in data) {
    if (!Object.hasOwn(binary, key) || binary[key] === undefined) continue;
    findings.push(invalidValue(`data[${key}]`, key, 'duplicate of key present in binaryData'));
  }
  if (size > sizeLimit) findings.push(tooLong('', sizeLimit));
  return findings;
}

const redacted = '<secret contents redacted>';

/** What each type asks for; values never appear in the findings. */
const typeChecks: Readonly<Record<string, (findings: Findings, secret: KubeObject, data: Fields) => void>> = {
  'kubernetes.io/service-account-token': (findings, { metadata }) => {
    const key = 'kubernetes.io/service-account.name';
    if (!metadata.annotations?.[key]) findings.push(requiredValue(`metadata.annotations[${key}]`));
  },
  'kubernetes.io/dockercfg': (findings, _, data) => checkJson(findings, data, '.dockercfg'),
  'kubernetes.io/dockerconfigjson': (findings, _, data) => checkJson(findings, data, '.dockerconfigjson'),
  'kubernetes.io/basic-auth': (findings, _, data) => {
    if (data.username !== undefined || data.password !== undefined) return;
    findings.push(requiredValue('data[username]'), requiredValue('data[password]'));
  },
  'kubernetes.io/ssh-auth': (findings, _, data) => {
    if (!data['ssh-privatekey']) findings.push(requiredValue('data[ssh-privatekey]'));
  },
  'kubernetes.io/tls': (findings, _, data) => {
    for (const key of ['tls.crt', 'tls.key']) if (data[key] === undefined) findings.push(requiredValue(`data[${key}]`));
  },
};

function checkJson(findings: Findings, data: Fields, key: string): void {
  const value = data[key];
  if (value === undefined) {
    findings.push(requiredValue(`data[${key}]`));
    return;
  }
  const text = Buffer.from(textOf(value), 'base64').toString('utf8');
  if (text === '') findings.push(invalidValue(`data[${key}]`, redacted, 'unexpected end of JSON input'));
  else if (!isJsonObject(text)) findings.push(invalidValue(`data[${key}]`, redacted, 'must be a JSON object'));
}

function isJsonObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && !Array.isArray(value);
  } catch {
    return false;
  }
}

export function validateSecret(secret: KubeObject): Findings {
  const findings: Findings = [];
  const { data: given, type } = contentOf(secret);
  const data = fieldsOf(given);
  if (checkKeys(findings, 'data', data, decodedLength) > sizeLimit) findings.push(tooLong('data', sizeLimit));
  typeChecks[textOf(type)]?.(findings, secret, data);
  return findings;
}

export function validateConfigMapUpdate(object: KubeObject, old: KubeObject): Findings {
  return immutableFindings(object, old, ['data', 'binaryData']);
}

export function validateSecretUpdate(secret: KubeObject, old: KubeObject): Findings {
  const { type } = contentOf(secret);
  const changed = type !== contentOf(old).type;
  return [...(changed ? [invalidValue('type', type, immutableText)] : []), ...immutableFindings(secret, old, ['data'])];
}

function immutableFindings(object: KubeObject, old: KubeObject, fields: readonly string[]): Findings {
  if (contentOf(old).immutable !== true) return [];
  const why = 'field is immutable when `immutable` is set';
  const findings: Findings = [];
  if (contentOf(object).immutable !== true) findings.push(forbiddenField('immutable', why));
  for (const name of fields) {
    if (!sameValue(contentOf(object)[name], contentOf(old)[name])) findings.push(forbiddenField(name, why));
  }
  return findings;
}

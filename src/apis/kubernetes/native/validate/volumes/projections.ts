/** Volumes made of API objects: Secrets, ConfigMaps, the downward API, and several of them in one. */
import { dns1123Subdomain } from '#kube/names/validate.ts';
import { forbiddenField, invalidValue, requiredValue } from '#kube/status/causes.ts';
import { type Fields, isFields, itemsOf, textOf } from '../../value.ts';
import { type Findings, requireText, texts } from '../findings.ts';
import { checkFieldRef, checkResourceRef, volumeFields } from '../pods/environment.ts';
import { checkNotReserved } from '../pods/paths.ts';

const largestMode = 0o777;

function checkMode(findings: Findings, path: string, mode: unknown): void {
  if (typeof mode === 'number' && (mode < 0 || mode > largestMode)) {
    findings.push(invalidValue(path, mode, 'must be a number between 0 and 0777 (octal), both inclusive'));
  }
}

function checkItems(findings: Findings, path: string, items: readonly Fields[]): void {
  for (const [index, item] of items.entries()) {
    const at = `${path}[${index}]`;
    requireText(findings, `${at}.key`, item.key);
    requireText(findings, `${at}.path`, item.path);
    checkNotReserved(findings, `${at}.path`, textOf(item.path));
    checkMode(findings, `${at}.mode`, item.mode);
  }
}

export function checkSecretVolume(findings: Findings, path: string, source: Fields): void {
  requireText(findings, `${path}.secretName`, source.secretName);
  checkMode(findings, `${path}.defaultMode`, source.defaultMode);
  checkItems(findings, `${path}.items`, itemsOf(source.items));
}

export function checkConfigMapVolume(findings: Findings, path: string, source: Fields): void {
  requireText(findings, `${path}.name`, source.name);
  checkMode(findings, `${path}.defaultMode`, source.defaultMode);
  checkItems(findings, `${path}.items`, itemsOf(source.items));
}

export function checkDownwardVolume(findings: Findings, path: string, source: Fields): void {
  checkMode(findings, `${path}.defaultMode`, source.defaultMode);
  for (const file of itemsOf(source.items)) checkDownwardFile(findings, path, file);
}

function checkDownwardFile(findings: Findings, path: string, file: Fields): void {
  requireText(findings, `${path}.path`, file.path);
  checkNotReserved(findings, `${path}.path`, textOf(file.path));
  if (isFields(file.fieldRef)) {
    checkFieldRef(findings, `${path}.fieldRef`, file.fieldRef, volumeFields);
    if (isFields(file.resourceFieldRef)) {
      const why = 'fieldRef and resourceFieldRef can not be specified simultaneously';
      findings.push(invalidValue(path, 'resource', why));
    }
  } else if (isFields(file.resourceFieldRef)) {
    checkResourceRef(findings, `${path}.resourceFieldRef`, file.resourceFieldRef, true);
  } else findings.push(requiredValue(path, 'one of fieldRef and resourceFieldRef is required'));
  checkMode(findings, `${path}.mode`, file.mode);
}

const shortestToken = 600;
const longestToken = 2 ** 32;

export function checkProjectedVolume(findings: Findings, path: string, source: Fields): void {
  checkMode(findings, `${path}.defaultMode`, source.defaultMode);
  const taken = new Set<string>();
  const take = (target: unknown, shown: unknown): void => {
    const text = textOf(target);
    if (text === '') return;
    if (taken.has(text)) findings.push(invalidValue(path, shown, 'conflicting duplicate paths'));
    taken.add(text);
  };
  for (const [index, each] of itemsOf(source.sources).entries()) {
    checkProjection(findings, path, `${path}.sources[${index}]`, each, take);
  }
}

type Take = (target: unknown, shown: unknown) => void;

function checkProjection(findings: Findings, path: string, at: string, projection: Fields, take: Take): void {
  const given = Object.keys(projection).filter((name) => isFields(projection[name]));
  for (const name of ['secret', 'configMap']) {
    const source = projection[name];
    if (!isFields(source)) continue;
    requireText(findings, `${at}.${name}.name`, source.name);
    checkItems(findings, `${at}.${name}.items`, itemsOf(source.items));
    for (const item of itemsOf(source.items)) take(item.path, textOf(source.name));
  }
  const { downwardAPI, serviceAccountToken: token, clusterTrustBundle: bundle } = projection;
  if (isFields(downwardAPI)) {
    for (const file of itemsOf(downwardAPI.items)) {
      checkDownwardFile(findings, `${at}.downwardAPI`, file);
      take(file.path, file.path);
    }
  }
  if (isFields(token)) checkToken(findings, path, `${at}.serviceAccountToken`, token, take);
  if (isFields(bundle)) checkTrustBundle(findings, at, bundle, take);
  if (given.length > 1) findings.push(forbiddenField(at, 'may not specify more than 1 volume type per source'));
  if (given.length === 0) findings.push(requiredValue(at, 'must specify a volume type'));
}

/** kube-apiserver names the volume, not the source, where the path is wrong. */
function checkToken(findings: Findings, path: string, at: string, token: Fields, take: Take): void {
  const seconds = typeof token.expirationSeconds === 'number' ? token.expirationSeconds : 0;
  const field = `${at}.expirationSeconds`;
  if (seconds < shortestToken) {
    findings.push(invalidValue(field, seconds, 'may not specify a duration less than 10 minutes'));
  }
  if (seconds > longestToken) {
    findings.push(invalidValue(field, seconds, 'may not specify a duration larger than 2^32 seconds'));
  }
  if (requireText(findings, `${path}.path`, token.path)) checkNotReserved(findings, `${path}.path`, token.path);
  take(token.path, token.path);
}

function checkTrustBundle(findings: Findings, at: string, bundle: Fields, take: Take): void {
  const path = `${at}.clusterTrustBundle`;
  const name = textOf(bundle.name);
  const signer = textOf(bundle.signerName);
  if (name === '' && signer === '') findings.push(requiredValue(path, 'either name or signerName must be specified'));
  else if (name !== '' && signer !== '') {
    findings.push(invalidValue(path, bundle, 'only one of name and signerName may be used'));
  } else if (name !== '') texts(findings, `${path}.name`, name, dns1123Subdomain(name));
  if (requireText(findings, `${path}.path`, bundle.path)) checkNotReserved(findings, `${path}.path`, bundle.path);
  take(bundle.path, bundle.path);
}

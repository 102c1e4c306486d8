/** Requests and limits: which names there are, and which amounts. */
import { dns1123Label, qualifiedName } from '#kube/names/validate.ts';
import { compareQuantity, formatQuantity, parseQuantity, type Quantity } from '#kube/quantity/quantity.ts';
import { duplicateValue, forbiddenField, invalidValue, requiredValue, unsupportedValue } from '#kube/status/causes.ts';
import { type Fields, fieldsOf, isFields, itemsOf, textOf } from '../value.ts';
import { type Findings, notFoundValue, texts } from './findings.ts';

const containerResources = new Set(['cpu', 'memory', 'ephemeral-storage']);
const countedObjects = [
  'pods',
  'resourcequotas',
  'services',
  'replicationcontrollers',
  'secrets',
  'configmaps',
  'persistentvolumeclaims',
  'services.nodeports',
  'services.loadbalancers',
];
const quotaAmounts = [
  'storage',
  'requests.cpu',
  'requests.memory',
  'requests.storage',
  'requests.ephemeral-storage',
  'limits.cpu',
  'limits.memory',
  'limits.ephemeral-storage',
];
const quotaResources = new Set([...containerResources, ...countedObjects, ...quotaAmounts]);
quotaResources.delete('storage');
const integerResources = new Set(countedObjects);
const standardResources = new Set([...quotaResources, 'storage']);

export const isHugePages = (name: string): boolean => name.startsWith('hugepages-');
const isQuotaHugePages = (name: string): boolean => isHugePages(name) || name.startsWith('requests.hugepages-');
const isNative = (name: string): boolean => !name.includes('/') || name.includes('kubernetes.io/');

/** A device plug-in's resource: `example.com/gpu`. */
export function isExtended(name: string): boolean {
  return !isNative(name) && !name.startsWith('requests.') && qualifiedName(`requests.${name}`).length === 0;
}

const overcommitAllowed = (name: string): boolean => isNative(name) && !isHugePages(name);

/** Any resource: a standard one or a qualified name. */
export function checkResourceName(findings: Findings, path: string, name: string): boolean {
  const wrong = qualifiedName(name);
  texts(findings, path, name, wrong);
  if (wrong.length > 0) return false;
  if (name.includes('/') || standardResources.has(name) || isQuotaHugePages(name)) return true;
  findings.push(invalidValue(path, name, 'must be a standard resource type or fully qualified'));
  return false;
}

export function checkContainerResourceName(findings: Findings, path: string, name: string): void {
  checkResourceName(findings, path, name);
  if (!name.includes('/')) {
    if (!containerResources.has(name) && !isHugePages(name)) {
      findings.push(invalidValue(path, name, 'must be a standard resource for containers'));
    }
  } else if (!isNative(name) && !isExtended(name)) {
    findings.push(invalidValue(path, name, "doesn't follow extended resource name standard"));
  }
}

export const isStandardQuotaResource = (name: string): boolean => quotaResources.has(name) || isQuotaHugePages(name);

export function checkQuotaResourceName(findings: Findings, path: string, name: string): void {
  checkResourceName(findings, path, name);
  if (!name.includes('/') && !isStandardQuotaResource(name)) {
    findings.push(invalidValue(path, name, 'must be a standard resource for quota'));
  }
}

/** Not negative, and whole where things are counted. */
export function checkAmount(findings: Findings, path: string, name: string, text: unknown): Quantity {
  const amount = parseQuantity(text as string);
  if (amount.nano < 0n) {
    findings.push(invalidValue(path, formatQuantity(amount), 'must be greater than or equal to 0'));
  }
  if ((integerResources.has(name) || isExtended(name)) && amount.nano % 1_000_000_000n !== 0n) {
    findings.push(invalidValue(path, text, 'must be an integer'));
  }
  return amount;
}

export type CheckName = (findings: Findings, path: string, name: string) => void;

/** Of a container, or of a whole Pod with its own rule for names. */
export function checkRequirements(
  findings: Findings,
  path: string,
  requirements: unknown,
  checkName: CheckName,
  claims: ReadonlySet<string>,
): void {
  if (!isFields(requirements)) return;
  const limits = fieldsOf(requirements.limits);
  const requests = fieldsOf(requirements.requests);
  for (const name in limits) {
    const at = `${path}.limits[${name}]`;
    checkName(findings, at, name);
    checkPageSize(findings, at, name, checkAmount(findings, at, name, limits[name]));
  }
  for (const name in requests) {
    const at = `${path}.requests[${name}]`;
    checkName(findings, at, name);
    const amount = checkAmount(findings, at, name, requests[name]);
    checkAgainstLimit(findings, path, name, amount, limits[name]);
    checkPageSize(findings, at, name, amount);
  }
  checkHugePages(findings, path, Object.keys({ ...limits, ...requests }));
  if (Array.isArray(requirements.claims)) checkClaims(findings, `${path}.claims`, itemsOf(requirements.claims), claims);
}

function checkAgainstLimit(findings: Findings, path: string, name: string, amount: Quantity, limit: unknown): void {
  if (limit === undefined) {
    if (overcommitAllowed(name)) return;
    findings.push(requiredValue(`${path}.limits`, 'Limit must be set for non overcommitable resources'));
    return;
  }
  const most = parseQuantity(limit as string);
  const order = compareQuantity(amount, most);
  const equal = !overcommitAllowed(name);
  if (equal ? order === 0 : order <= 0) return;
  const bound = equal ? 'equal to' : 'less than or equal to';
  findings.push(
    invalidValue(
      `${path}.requests`,
      formatQuantity(amount),
      `must be ${bound} ${name} limit of ${formatQuantity(most)}`,
    ),
  );
}

function checkPageSize(findings: Findings, path: string, name: string, amount: Quantity): void {
  if (!isHugePages(name)) return;
  let size = 0n;
  try {
    size = parseQuantity(name.slice('hugepages-'.length)).nano;
  } catch {
    // A size that is no quantity divides nothing.
  }
  if (size > 0n && amount.nano >= 0n && amount.nano % size === 0n) return;
  const text = formatQuantity(amount);
  findings.push(invalidValue(path, text, `${text} is not positive integer multiple of ${name}`));
}

function checkHugePages(findings: Findings, path: string, names: readonly string[]): void {
  if (!names.some(isHugePages) || names.includes('cpu') || names.includes('memory')) return;
  findings.push(forbiddenField(path, 'HugePages require cpu or memory'));
}

function checkClaims(findings: Findings, path: string, claims: readonly Fields[], known: ReadonlySet<string>): void {
  const seen = new Set<string>();
  for (const [index, claim] of claims.entries()) {
    const at = `${path}[${index}]`;
    const name = textOf(claim.name);
    const request = textOf(claim.request);
    if (name === '') {
      findings.push(requiredValue(at));
      continue;
    }
    if (request !== '') texts(findings, `${at}.request`, request, dns1123Label(request));
    const key = request === '' ? name : `${name}/${request}`;
    if (seen.has(name) || seen.has(key)) findings.push(duplicateValue(at, seen.has(name) ? name : key));
    seen.add(key);
    if (!known.has(name)) {
      const names = known.size === 0 ? ' which is empty' : `: ${[...known].sort().join(', ')}`;
      findings.push(notFoundValue(at, name, `must be one of the names in pod.spec.resourceClaims${names}`));
    }
  }
}

const podResources = ['cpu', 'hugepages-', 'memory'];

/** What may be said of a Pod as a whole. */
export function checkPodResourceName(findings: Findings, path: string, name: string): void {
  if (!checkResourceName(findings, path, name)) return;
  if (name === 'cpu' || name === 'memory' || isHugePages(name)) return;
  findings.push(unsupportedValue(path, name, podResources));
}

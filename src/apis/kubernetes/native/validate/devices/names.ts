/** Names in device kinds: drivers, pools, attributes. */
import { dns1123Label, dns1123Subdomain } from '#kube/names/validate.ts';
import { duplicateValue, invalidValue, requiredValue, tooLong, tooMany } from '#kube/status/causes.ts';
import { type Findings, texts } from '../findings.ts';

const longestDriver = 63;
const longestPool = 253;
const longestIdentifier = 32;

export function checkDriver(findings: Findings, path: string, value: string): void {
  if (value === '') findings.push(requiredValue(path));
  else {
    if (value.length > longestDriver) findings.push(tooLong(path, longestDriver));
    texts(findings, path, value, dns1123Subdomain(value));
  }
}

export function checkPool(findings: Findings, path: string, value: string): void {
  if (value === '') findings.push(requiredValue(path));
  if (value.length > longestPool) findings.push(tooLong(path, longestPool));
  if (value !== '') for (const part of value.split('/')) texts(findings, path, part, dns1123Subdomain(part));
}

export const checkLabelName = (findings: Findings, path: string, value: string): void =>
  texts(findings, path, value, dns1123Label(value));

const identifierText =
  "a valid C identifier must start with alphabetic character or '_', followed by a string of alphanumeric characters or '_' " +
  "(e.g. 'my_name',  or 'MY_NAME',  or 'MyName', regex used for validation is '[A-Za-z_][A-Za-z0-9_]*')";

function checkIdentifier(findings: Findings, path: string, value: string): void {
  if (value.length > longestIdentifier) findings.push(tooLong(path, longestIdentifier));
  if (!/^[A-Za-z_]\w*$/.test(value)) findings.push(invalidValue(path, value, identifierText));
}

/** `model`, or `example.com/model`. */
export function checkAttributeName(findings: Findings, path: string, name: string): void {
  const parts = name.split('/');
  const [first = '', second] = parts;
  if (parts.length > 2) return;
  if (second === undefined) {
    checkIdentifier(findings, path, first);
    return;
  }
  if (first === '') findings.push(invalidValue(path, '', 'the domain must not be empty'));
  else checkDriver(findings, path, first);
  if (second === '') findings.push(invalidValue(path, '', 'the name must not be empty'));
  else checkIdentifier(findings, path, second);
}

/** The same, with its domain. */
export function checkFullName(findings: Findings, path: string, name: string): void {
  checkAttributeName(findings, path, name);
  if (name.includes('/')) return;
  findings.push(invalidValue(path, name, 'a fully qualified name must be a domain and a name separated by a slash'));
}

/** Each item by itself, none twice, and no more than `most`. */
export function checkSet<T>(
  findings: Findings,
  path: string,
  items: readonly T[],
  most: number,
  keyOf: (item: T) => string,
  check: (item: T, path: string) => void,
): void {
  if (items.length > most) findings.push(tooMany(path, items.length, most));
  const seen = new Set<string>();
  for (const [index, item] of items.entries()) {
    check(item, `${path}[${index}]`);
    const key = keyOf(item);
    if (seen.has(key)) findings.push(duplicateValue(`${path}[${index}]`, key));
    seen.add(key);
  }
}

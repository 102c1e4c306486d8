/** Rules for names beyond #kube/names: each answers the texts of what is wrong, in apimachinery's words. */
import { dns1123Subdomain } from '#kube/names/validate.ts';

const none: readonly string[] = [];

/** IANA service names. */
export function portName(name: string): readonly string[] {
  const errors: string[] = [];
  if (name.length > 15) errors.push('must be no more than 15 characters');
  if (!/^[-a-z0-9]+$/.test(name)) {
    errors.push('must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)');
  }
  if (!/[a-z]/.test(name)) errors.push('must contain at least one letter (a-z)');
  if (name.includes('--')) errors.push('must not contain consecutive hyphens');
  if (name.startsWith('-') || name.endsWith('-')) errors.push('must not begin or end with a hyphen');
  return errors.length === 0 ? none : errors;
}

/** Any printable ASCII but `=`. */
export function variableName(name: string): readonly string[] {
  if (name === '') return ['environment variable name must be non-empty'];
  if (/^[ -<>-~]+$/.test(name)) return none;
  return ["a valid environment variable name must consist only of printable ASCII characters other than '='"];
}

/** Keys of ConfigMaps and Secrets, which become file names. */
export function configKey(key: string): readonly string[] {
  const errors: string[] = [];
  if (key.length > 253) errors.push('must be no more than 253 characters');
  if (!/^[-._a-zA-Z0-9]+$/.test(key)) {
    errors.push(
      "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  " +
        "or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')",
    );
  }
  if (key === '.' || key === '..') errors.push(`must not be '${key}'`);
  else if (key.startsWith('..')) errors.push("must not start with '..'");
  return errors.length === 0 ? none : errors;
}

export function headerName(name: string): readonly string[] {
  if (/^[-A-Za-z0-9]+$/.test(name)) return none;
  return [
    "a valid HTTP header must consist of alphanumeric characters or '-' (e.g. 'X-Header-Name', regex used for " +
      "validation is '[-A-Za-z0-9]+')",
  ];
}

export function percent(text: string): readonly string[] {
  if (/^[0-9]+%$/.test(text)) return none;
  return [
    "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for " +
      "validation is '[0-9]+%')",
  ];
}

const label = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const wildcard = `\\*\\.${label}(\\.${label})*`;
const wildcardPattern = new RegExp(`^${wildcard}$`);

/** `*.example.com`. */
export function wildcardSubdomain(name: string): readonly string[] {
  const errors = name.length > 253 ? ['must be no more than 253 characters'] : [];
  if (wildcardPattern.test(name)) return errors;
  return [
    ...errors,
    "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist of lower " +
      "case alphanumeric characters, '-' or '.' and end with an alphanumeric character (e.g. '*.example.com', regex " +
      `used for validation is '${wildcard}')`,
  ];
}

const underscored = '_?[a-z0-9]([-_a-z0-9]*[a-z0-9])?';
const underscoredPattern = new RegExp(`^${underscored}(\\.${underscored})*$`);

/** DNS search paths may hold labels with underscores. */
export function searchDomain(name: string): readonly string[] {
  const errors = name.length > 253 ? ['must be no more than 253 characters'] : [];
  if (underscoredPattern.test(name)) return errors;
  return [
    ...errors,
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '_', '-' or '.', and must start " +
      "and end with an alphanumeric character (e.g. 'example.com', regex used for validation is " +
      `'${underscored}(\\.${underscored})*')`,
  ];
}

/** At least `segments` labels: webhook names have three. */
export function qualifiedDomain(name: string, segments: number): readonly string[] {
  const errors = dns1123Subdomain(name);
  if (errors.length > 0) return [errors.join(',')];
  if (name.split('.').length >= segments) return none;
  const count = segments === 3 ? 'three' : 'two';
  return [`should be a domain with at least ${count} segments separated by dots`];
}

/** RBAC names and the like may be any path segment. */
export function pathSegment(name: string): readonly string[] {
  if (name === '.' || name === '..') return [`may not be '${name}'`];
  return ['/', '%'].filter((part) => name.includes(part)).map((part) => `may not contain '${part}'`);
}

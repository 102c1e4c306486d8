/** CertificateSigningRequests: what may be asked for, and what their conditions may say. */
import type { KubeObject } from '#kube/meta/object.ts';
import { dns1123Label, dns1123Subdomain } from '#kube/names/validate.ts';
import { duplicateValue, invalidValue, requiredValue, tooLong, unsupportedValue } from '#kube/status/causes.ts';
import { contentOf } from '../../prepare/preparation.ts';
import { fieldsOf, itemsOf, textOf } from '../../value.ts';
import type { Findings } from '../findings.ts';

const knownUsages = [
  'any',
  'cert sign',
  'client auth',
  'code signing',
  'content commitment',
  'crl sign',
  'data encipherment',
  'decipher only',
  'digital signature',
  'email protection',
  'encipher only',
  'ipsec end system',
  'ipsec tunnel',
  'ipsec user',
  'key agreement',
  'key encipherment',
  'microsoft sgc',
  'netscape sgc',
  'ocsp signing',
  's/mime',
  'server auth',
  'signing',
  'timestamping',
];

const leastSeconds = 600;
const longestDomain = 253;
const form = "must be a fully qualified domain and path of the form 'example.com/signer-name'";

function checkUsages(findings: Findings, usages: unknown): void {
  const values = itemsOf(usages) as readonly unknown[];
  if (values.length === 0) findings.push(requiredValue('spec.usages'));
  for (const [index, usage] of values.entries())
    if (!knownUsages.includes(textOf(usage)))
      findings.push(unsupportedValue(`spec.usages[${index}]`, usage, knownUsages));
  for (const [index, usage] of values.entries())
    if (values.indexOf(usage) < index) findings.push(duplicateValue(`spec.usages[${index}]`, usage));
}

function checkSignerName(findings: Findings, signerName: string): void {
  const path = 'spec.signerName';
  const [domain = '', name, ...more] = signerName.split('/');
  if (signerName === '') findings.push(requiredValue(path));
  else if (signerName === 'kubernetes.io/legacy-unknown')
    findings.push(invalidValue(path, signerName, 'the legacy signerName is not allowed via this API version'));
  else if (name === undefined || more.length > 0) findings.push(invalidValue(path, signerName, form));
  else checkSignerParts(findings, path, domain, name);
}

/** Of the first label that is none: the others would say the same again. */
function checkLabels(findings: Findings, part: string, rule: (label: string) => readonly string[]): void {
  for (const label of part.split('.')) {
    const found = rule(label);
    for (const text of found)
      findings.push(invalidValue('spec.signerName', part, `validating label ${JSON.stringify(label)}: ${text}`));
    if (found.length > 0) return;
  }
}

function checkSignerParts(findings: Findings, path: string, domain: string, name: string): void {
  if (domain.length > longestDomain) findings.push(tooLong(path, longestDomain));
  checkLabels(findings, domain, dns1123Label);
  if (!domain.includes('.'))
    findings.push(invalidValue(path, domain, 'should be a domain with at least two segments separated by dots'));
  checkLabels(findings, name, dns1123Subdomain);
}

const decisions = new Set(['Approved', 'Denied', 'Failed']);
const anyStatus = ['False', 'True', 'Unknown'];

/** Of a status that has changed. */
export function validateSigningRequestStatus(object: KubeObject): Findings {
  const findings: Findings = [];
  const seen = new Set<string>();
  for (const [index, condition] of itemsOf(fieldsOf(contentOf(object).status).conditions).entries()) {
    const path = `status.conditions[${index}]`;
    const type = textOf(condition.type);
    const status = textOf(condition.status);
    if (type === '') findings.push(requiredValue(`${path}.type`));
    const allowed = decisions.has(type) ? ['True'] : anyStatus;
    if (status === '') findings.push(requiredValue(`${path}.status`));
    else if (!allowed.includes(status)) findings.push(unsupportedValue(`${path}.status`, status, allowed));
    if ((type === 'Approved' && seen.has('Denied')) || (type === 'Denied' && seen.has('Approved'))) {
      const why = 'Approved and Denied conditions are mutually exclusive';
      findings.push(invalidValue('status.conditions', type, why));
    }
    if (seen.has(type)) findings.push(duplicateValue(`${path}.type`, type));
    seen.add(type);
  }
  return findings;
}

/** The request itself is read where there is cryptography. */
export function validateCertificateSigningRequest(object: KubeObject): Findings {
  const findings: Findings = [];
  const { signerName, usages, request, expirationSeconds: expiration } = fieldsOf(contentOf(object).spec);
  if (!request) findings.push(invalidValue('spec.request', '', 'PEM block type must be CERTIFICATE REQUEST'));
  checkUsages(findings, usages);
  checkSignerName(findings, textOf(signerName));
  if (typeof expiration === 'number' && expiration < leastSeconds) {
    const why = `may not specify a duration less than ${leastSeconds} seconds (10 minutes)`;
    findings.push(invalidValue('spec.expirationSeconds', expiration, why));
  }
  return findings;
}

/** APIServices: what they are called, and who serves them. */
import type { KubeObject } from '#kube/meta/object.ts';
import { dns1035Label, dns1123Subdomain } from '#kube/names/validate.ts';
import { invalidValue, requiredValue } from '#kube/status/causes.ts';
import { contentOf } from '../../prepare/preparation.ts';
import { type Fields, fieldsOf, isFields, textOf } from '../../value.ts';
import { type Findings, requireText } from '../findings.ts';

const specOf = (object: KubeObject): Fields => fieldsOf(contentOf(object).spec);

export function validateApiService(object: KubeObject): Findings {
  const findings: Findings = [];
  const spec = specOf(object);
  const group = textOf(spec.group);
  const version = textOf(spec.version);
  const { name = '' } = object.metadata;
  if (name !== `${version}.${group}`) {
    const why = `must be \`spec.version+"."+spec.group\`: ${JSON.stringify(`${version}.${group}`)}`;
    findings.push(invalidValue('metadata.name', name, why));
  }
  if (group === '' && version !== 'v1') {
    const why = 'only v1 may have an empty group and it better be legacy kube';
    findings.push(requiredValue('spec.group', why));
  }
  if (group !== '') for (const text of dns1123Subdomain(group)) findings.push(invalidValue('spec.group', group, text));
  for (const text of dns1035Label(version)) findings.push(invalidValue('spec.version', version, text));
  checkPriority(findings, 'groupPriorityMinimum', spec.groupPriorityMinimum, 20000);
  checkPriority(findings, 'versionPriority', spec.versionPriority, 1000);
  if (isFields(spec.service)) {
    requireText(findings, 'spec.service.namespace', spec.service.namespace);
    requireText(findings, 'spec.service.name', spec.service.name);
    const { port } = spec.service;
    if (typeof port === 'number' && (port < 1 || port > 65535)) {
      const why = 'port is not valid: must be between 1 and 65535, inclusive';
      findings.push(invalidValue('spec.service.port', port, why));
    }
    if (spec.insecureSkipTLSVerify === true && spec.caBundle) {
      findings.push(invalidValue('spec.insecureSkipTLSVerify', true, 'may not be true if caBundle is present'));
    }
  } else checkLocal(findings, textOf(spec.caBundle), spec.insecureSkipTLSVerify === true);
  return findings;
}

/** What is served here is not reached by TLS. */
function checkLocal(findings: Findings, caBundle: string, skipsVerification: boolean): void {
  const bytes = Buffer.from(caBundle, 'base64').byteLength;
  if (bytes > 0)
    findings.push(invalidValue('spec.caBundle', `${bytes} bytes`, 'local APIServices may not have a caBundle'));
  if (skipsVerification) {
    const why = 'local APIServices may not have insecureSkipTLSVerify';
    findings.push(invalidValue('spec.insecureSkipTLSVerify', true, why));
  }
}

function checkPriority(findings: Findings, name: string, value: unknown, most: number): void {
  const number = Number(value ?? 0);
  if (number > 0 && number <= most) return;
  findings.push(invalidValue(`spec.${name}`, number, `must be positive and less than ${most}`));
}

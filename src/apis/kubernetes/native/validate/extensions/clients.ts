/** How an API server reaches a webhook, and which reviews the webhook understands. */
import { dns1035Label, dns1123Subdomain } from '#kube/names/validate.ts';
import { invalidValue, requiredValue } from '#kube/status/causes.ts';
import { type Fields, isFields, itemsOf, textOf } from '../../value.ts';
import { type Findings, requireText } from '../findings.ts';

const form = '; desired format: https://host[/path]';

export function checkClientConfig(findings: Findings, path: string, { url, service }: Fields): void {
  if ((typeof url === 'string') === isFields(service)) {
    findings.push(requiredValue(path, 'exactly one of url or service is required'));
  } else if (typeof url === 'string') checkUrl(findings, `${path}.url`, url);
  else if (isFields(service)) checkService(findings, `${path}.service`, service);
}

function checkUrl(findings: Findings, path: string, text: string): void {
  const match = /^(?:([A-Za-z][A-Za-z0-9+.-]*):)?(?:\/\/([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#(.*))?$/.exec(text);
  const [, scheme = '', authority = '', , query = '', fragment = ''] = match ?? [];
  const at = authority.lastIndexOf('@');
  const host = authority.slice(at + 1);
  if (scheme !== 'https') findings.push(invalidValue(path, scheme, `'https' is the only allowed URL scheme${form}`));
  if (host === '') findings.push(invalidValue(path, '', `host must be specified${form}`));
  if (at >= 0) {
    const why = 'user information is not permitted in the URL';
    findings.push(invalidValue(path, authority.slice(0, at), why));
  }
  if (fragment !== '') findings.push(invalidValue(path, fragment, 'fragments are not permitted in the URL'));
  if (query !== '') findings.push(invalidValue(path, query, 'query parameters are not permitted in the URL'));
}

function checkService(findings: Findings, path: string, service: Fields): void {
  requireText(findings, `${path}.name`, service.name);
  requireText(findings, `${path}.namespace`, service.namespace);
  const port = Number(service.port ?? 0);
  if (port < 1 || port > 65535) {
    findings.push(invalidValue(`${path}.port`, port, 'port is not valid: must be between 1 and 65535, inclusive'));
  }
  const target = textOf(service.path);
  if (target === '' || target === '/') return;
  const at = `${path}.path`;
  if (!target.startsWith('/')) findings.push(invalidValue(at, target, "must start with a '/'"));
  for (const [index, step] of target.slice(1).replace(/\/$/, '').split('/').entries()) {
    if (step === '') findings.push(invalidValue(at, target, `segment[${index}] may not be empty`));
    else
      for (const text of dns1123Subdomain(step)) findings.push(invalidValue(at, target, `segment[${index}]: ${text}`));
  }
}

const known = ['v1', 'v1beta1'];

/** At least one version that this server can send. */
export function checkReviewVersions(findings: Findings, path: string, versions: unknown, conversion = false): void {
  const list = itemsOf(versions) as readonly unknown[];
  if (list.length === 0) {
    findings.push(requiredValue(path, conversion ? '' : `must specify one of ${known.join(', ')}`));
    return;
  }
  for (const [index, version] of list.entries()) {
    if (list.indexOf(version) < index) findings.push(invalidValue(`${path}[${index}]`, version, 'duplicate version'));
    else
      for (const text of dns1035Label(textOf(version))) findings.push(invalidValue(`${path}[${index}]`, version, text));
  }
  if (list.some((version) => known.includes(textOf(version)))) return;
  findings.push(invalidValue(path, list, `must include at least one of ${known.join(', ')}`));
}

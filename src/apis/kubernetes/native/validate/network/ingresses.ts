/** Ingresses and their classes. */
import type { KubeObject } from '#kube/meta/object.ts';
import { dns1035Label, dns1123Label, dns1123Subdomain } from '#kube/names/validate.ts';
import { forbiddenField, invalidValue, requiredValue, tooLong, unsupportedValue } from '#kube/status/causes.ts';
import { contentOf } from '../../prepare/preparation.ts';
import { type Fields, fieldsOf, isFields, itemsOf, textOf } from '../../value.ts';
import { parseAddress } from '../addresses.ts';
import { type Findings, immutableText, portNumber, requireText, texts } from '../findings.ts';
import { pathSegment, portName, wildcardSubdomain } from '../names.ts';

const classAnnotation = 'kubernetes.io/ingress.class';
const pathTypes = ['Exact', 'ImplementationSpecific', 'Prefix'];

export function validateIngress(ingress: KubeObject): Findings {
  const findings: Findings = [];
  const spec = fieldsOf(contentOf(ingress).spec);
  const rules = itemsOf(spec.rules);
  if (rules.length === 0 && !isFields(spec.defaultBackend)) {
    findings.push(invalidValue('spec', null, 'either `defaultBackend` or `rules` must be specified'));
  }
  if (isFields(spec.defaultBackend)) checkBackend(findings, 'spec.defaultBackend', spec.defaultBackend);
  for (const [index, rule] of rules.entries()) checkRule(findings, `spec.rules[${index}]`, rule);
  for (const [index, tls] of itemsOf(spec.tls).entries()) checkTls(findings, `spec.tls[${index}]`, tls);
  const name = spec.ingressClassName;
  if (typeof name === 'string') texts(findings, 'spec.ingressClassName', name, dns1123Subdomain(name));
  const annotation = ingress.metadata.annotations?.[classAnnotation];
  if (
    ingress.metadata.resourceVersion === undefined &&
    annotation !== undefined &&
    typeof name === 'string' &&
    annotation !== name
  ) {
    const why = 'must match `ingressClassName` when both are specified';
    findings.push(invalidValue(`annotations.${classAnnotation}`, annotation, why));
  }
  return findings;
}

function checkHost(findings: Findings, path: string, host: string): void {
  texts(findings, path, host, host.includes('*') ? wildcardSubdomain(host) : dns1123Subdomain(host));
}

function checkRule(findings: Findings, path: string, rule: Fields): void {
  const host = textOf(rule.host);
  if (host !== '') {
    if (parseAddress(host)) findings.push(invalidValue(`${path}.host`, host, 'must be a DNS name, not an IP address'));
    checkHost(findings, `${path}.host`, host);
  }
  if (!isFields(rule.http)) return;
  const paths = itemsOf(rule.http.paths);
  if (paths.length === 0) findings.push(requiredValue(`${path}.http.paths`));
  for (const [index, each] of paths.entries()) checkPath(findings, `${path}.http.paths[${index}]`, each);
}

function checkPath(findings: Findings, path: string, rule: Fields): void {
  const type = rule.pathType;
  const target = textOf(rule.path);
  const at = `${path}.path`;
  if (typeof type !== 'string') {
    findings.push(requiredValue(`${path}.pathType`, 'pathType must be specified'));
    return;
  }
  const exact = type === 'Exact' || type === 'Prefix';
  if (!pathTypes.includes(type)) findings.push(unsupportedValue(`${path}.pathType`, type, pathTypes));
  else if (!target.startsWith('/') && (exact || target !== '')) {
    findings.push(invalidValue(at, target, 'must be an absolute path'));
  }
  if (exact) checkSteps(findings, at, target);
  checkBackend(findings, `${path}.backend`, fieldsOf(rule.backend));
}

/** Nothing that a proxy may read in another way. */
function checkSteps(findings: Findings, path: string, target: string): void {
  for (const part of ['//', '/./', '/../', '%2f', '%2F']) {
    if (target.includes(part)) findings.push(invalidValue(path, target, `must not contain '${part}'`));
  }
  for (const end of ['/..', '/.']) {
    if (target.endsWith(end)) findings.push(invalidValue(path, target, `cannot end with '${end}'`));
  }
}

function checkBackend(findings: Findings, path: string, { service, resource }: Fields): void {
  if (isFields(service) && isFields(resource)) {
    findings.push(invalidValue(path, '', 'cannot set both resource and service backends'));
  } else if (isFields(resource)) checkReference(findings, `${path}.resource`, resource);
  else if (!isFields(service)) findings.push(invalidValue(path, '', 'resource or service backend is required'));
  else {
    if (requireText(findings, `${path}.service.name`, service.name)) {
      texts(findings, `${path}.service.name`, service.name, dns1035Label(service.name));
    }
    const { name, number } = fieldsOf(service.port);
    if (name && number) findings.push(invalidValue(path, '', 'cannot set both port name & port number'));
    else if (name) texts(findings, `${path}.service.port.name`, name, portName(textOf(name)));
    else if (number) portNumber(findings, `${path}.service.port.number`, number);
    else findings.push(requiredValue(path, 'port name or number is required'));
  }
}

function checkReference(findings: Findings, path: string, reference: Fields): void {
  const group = reference.apiGroup;
  if (typeof group === 'string') texts(findings, `${path}.apiGroup`, group, dns1123Subdomain(group));
  for (const name of ['kind', 'name']) {
    const value = reference[name];
    if (requireText(findings, `${path}.${name}`, value)) texts(findings, `${path}.${name}`, value, pathSegment(value));
  }
}

function checkTls(findings: Findings, path: string, tls: Fields): void {
  for (const [index, host] of (itemsOf(tls.hosts) as readonly unknown[]).entries()) {
    checkHost(findings, `${path}.hosts[${index}]`, textOf(host));
  }
  const secret = textOf(tls.secretName);
  if (secret !== '') texts(findings, `${path}.secretName`, secret, dns1123Subdomain(secret));
}

const longestController = 250;

export function validateIngressClass(object: KubeObject): Findings {
  const findings: Findings = [];
  const { controller, parameters } = fieldsOf(contentOf(object).spec);
  const text = textOf(controller);
  const [host = '', ...rest] = text.split('/');
  if (text.length > longestController) findings.push(tooLong('spec.controller', longestController));
  if (text === '') findings.push(requiredValue('spec.controller'));
  else if (host === '' || rest.join('/') === '') {
    const why = 'must be a domain-prefixed path (such as "acme.io/foo")';
    findings.push(invalidValue('spec.controller', text, why));
  } else texts(findings, 'spec.controller', host, dns1123Subdomain(host));
  if (isFields(parameters)) checkParameters(findings, 'spec.parameters', parameters);
  return findings;
}

function checkParameters(findings: Findings, path: string, parameters: Fields): void {
  checkReference(findings, path, parameters);
  const { scope, namespace } = parameters;
  if (scope !== 'Cluster' && scope !== 'Namespace') {
    findings.push(unsupportedValue(`${path}.scope`, textOf(scope), ['Cluster', 'Namespace']));
  } else if (scope === 'Namespace') {
    if (typeof namespace !== 'string') {
      findings.push(requiredValue(`${path}.namespace`, "`parameters.scope` is set to 'Namespace'"));
    } else texts(findings, `${path}.namespace`, namespace, dns1123Label(namespace));
  } else if (typeof namespace === 'string') {
    findings.push(forbiddenField(`${path}.namespace`, "`parameters.scope` is set to 'Cluster'"));
  }
}

export function validateIngressClassUpdate(object: KubeObject, old: KubeObject): Findings {
  const { controller } = fieldsOf(contentOf(object).spec);
  if (controller === fieldsOf(contentOf(old).spec).controller) return [];
  return [invalidValue('spec.controller', controller, immutableText)];
}

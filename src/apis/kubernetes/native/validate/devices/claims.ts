/** What may be asked of devices: ResourceClaim, its template, DeviceClass. */
import type { KubeObject } from '#kube/meta/object.ts';
import { dns1123Subdomain } from '#kube/names/validate.ts';
import { invalidValue, requiredValue, unsupportedValue } from '#kube/status/causes.ts';
import { contentOf } from '../../prepare/preparation.ts';
import { type Fields, fieldsOf, isFields, isNothing, itemsOf, sameValue, textOf } from '../../value.ts';
import { type Findings, immutableText, texts } from '../findings.ts';
import { checkAnnotations, checkLabels } from '../labels.ts';
import { checkDriver, checkFullName, checkLabelName, checkSet } from './names.ts';

const specOf = (object: KubeObject): Fields => fieldsOf(contentOf(object).spec);

/** As kube-apiserver bounds each list. */
const mostRequests = 32;
const mostAlternatives = 8;

export function validateDeviceClass(object: KubeObject): Findings {
  const findings: Findings = [];
  const spec = specOf(object);
  checkSelectors(findings, 'spec.selectors', spec.selectors);
  for (const [index, config] of itemsOf(spec.config).entries()) checkConfig(findings, `spec.config[${index}]`, config);
  return findings;
}

export function validateResourceClaim(object: KubeObject): Findings {
  const findings: Findings = [];
  checkDevices(findings, 'spec.devices', fieldsOf(specOf(object).devices));
  return findings;
}

export function validateResourceClaimUpdate(object: KubeObject, old: KubeObject): Findings {
  if (sameValue(specOf(object), specOf(old))) return [];
  return [invalidValue('spec', specOf(object), immutableText)];
}

export function validateResourceClaimTemplate(object: KubeObject): Findings {
  const findings: Findings = [];
  const { metadata, spec } = specOf(object);
  const { labels, annotations } = fieldsOf(metadata);
  checkLabels(findings, 'spec.metadata.labels', labels);
  checkAnnotations(findings, 'spec.metadata.annotations', annotations);
  checkDevices(findings, 'spec.spec.devices', fieldsOf(fieldsOf(spec).devices));
  return findings;
}

export const validateResourceClaimTemplateUpdate = validateResourceClaimUpdate;

function checkDevices(findings: Findings, path: string, devices: Fields): void {
  const requests = itemsOf(devices.requests);
  const names = new Set<string>();
  for (const request of requests) {
    names.add(textOf(request.name));
    for (const { name } of itemsOf(request.firstAvailable)) names.add(`${textOf(request.name)}/${textOf(name)}`);
  }
  checkSet(findings, `${path}.requests`, requests, mostRequests, nameOf, (each, at) =>
    checkRequest(findings, at, each),
  );
  for (const [index, constraint] of itemsOf(devices.constraints).entries()) {
    const at = `${path}.constraints[${index}]`;
    checkReferences(findings, `${at}.requests`, constraint.requests, names);
    if (isNothing(constraint.matchAttribute)) findings.push(requiredValue(`${at}.matchAttribute`));
    else checkFullName(findings, `${at}.matchAttribute`, textOf(constraint.matchAttribute));
  }
  for (const [index, config] of itemsOf(devices.config).entries()) {
    const at = `${path}.config[${index}]`;
    checkReferences(findings, `${at}.requests`, config.requests, names);
    checkConfig(findings, at, config);
  }
}

const nameOf = ({ name }: Fields): string => textOf(name);

function checkReferences(findings: Findings, path: string, references: unknown, names: ReadonlySet<string>): void {
  const items = itemsOf(references) as readonly unknown[] as readonly string[];
  const unknown = (at: string, name: string) => {
    const text =
      "must be the name of a request in the claim or the name of a request and a subrequest separated by '/'";
    findings.push(invalidValue(at, name, text));
  };
  checkSet(
    findings,
    path,
    items,
    mostRequests,
    (name) => name,
    (name, at) => {
      const segments = name.split('/');
      if (segments.length <= 2) for (const segment of segments) checkLabelName(findings, at, segment);
      if (segments.length > 2 || !names.has(name)) unknown(at, name);
    },
  );
}

function checkRequest(findings: Findings, path: string, request: Fields): void {
  checkLabelName(findings, `${path}.name`, nameOf(request));
  const alternatives = itemsOf(request.firstAvailable);
  const exactly = isFields(request.exactly);
  const text = 'exactly one of `exactly` or `firstAvailable` is required';
  if (exactly && alternatives.length > 0) {
    findings.push(invalidValue(path, null, `${text}, but multiple fields are set`));
  } else if (exactly) checkAsked(findings, `${path}.exactly`, fieldsOf(request.exactly));
  else if (alternatives.length === 0) findings.push(requiredValue(path, text));
  else {
    checkSet(findings, `${path}.firstAvailable`, alternatives, mostAlternatives, nameOf, (each, at) => {
      checkLabelName(findings, `${at}.name`, nameOf(each));
      checkAsked(findings, at, each);
    });
  }
}

function checkAsked(findings: Findings, path: string, asked: Fields): void {
  const className = textOf(asked.deviceClassName);
  if (className === '') findings.push(requiredValue(`${path}.deviceClassName`));
  else texts(findings, `${path}.deviceClassName`, className, dns1123Subdomain(className));
  checkSelectors(findings, `${path}.selectors`, asked.selectors);
  const count = typeof asked.count === 'number' ? asked.count : 0;
  const mode = textOf(asked.allocationMode);
  if (mode === 'All') {
    if (count === 0) return;
    findings.push(invalidValue(`${path}.count`, count, "must not be specified when allocationMode is 'All'"));
  } else if (mode !== 'ExactCount') {
    findings.push(unsupportedValue(`${path}.allocationMode`, mode, ['All', 'ExactCount']));
  } else if (count <= 0) findings.push(invalidValue(`${path}.count`, count, 'must be greater than zero'));
}

function checkSelectors(findings: Findings, path: string, selectors: unknown): void {
  for (const [index, selector] of itemsOf(selectors).entries()) {
    if (!isFields(selector.cel)) findings.push(requiredValue(`${path}[${index}].cel`));
  }
}

function checkConfig(findings: Findings, path: string, config: Fields): void {
  if (!isFields(config.opaque)) {
    findings.push(requiredValue(`${path}.opaque`));
    return;
  }
  const { driver, parameters } = config.opaque;
  checkDriver(findings, `${path}.opaque.driver`, textOf(driver));
  if (isNothing(parameters)) findings.push(requiredValue(`${path}.opaque.parameters`));
  else if (!isFields(parameters)) {
    findings.push(invalidValue(`${path}.opaque.parameters`, '<value omitted>', 'must be a valid JSON object'));
  }
}

/** What drivers publish of their devices: ResourceSlice. */
import type { KubeObject } from '#kube/meta/object.ts';
import { dns1123Subdomain } from '#kube/names/validate.ts';
import { invalidValue, requiredValue, tooLong } from '#kube/status/causes.ts';
import { contentOf } from '../../prepare/preparation.ts';
import { type Fields, fieldsOf, isFields, isNothing, itemsOf, textOf } from '../../value.ts';
import { type Findings, immutableText, texts } from '../findings.ts';
import { checkNodeSelector } from '../pods/node-affinity.ts';
import { checkAttributeName, checkDriver, checkLabelName, checkPool, checkSet } from './names.ts';

const specOf = (object: KubeObject): Fields => fieldsOf(contentOf(object).spec);

/** Where devices have taints or share counters, half of them. */
const mostDevices = 128;
const mostIntricateDevices = 64;
const mostAttributes = 32;
const longestText = 64;

export function validateResourceSlice(object: KubeObject): Findings {
  const findings: Findings = [];
  const spec = specOf(object);
  checkDriver(findings, 'spec.driver', textOf(spec.driver));
  const pool = fieldsOf(spec.pool);
  const [count, generation] = [Number(pool.resourceSliceCount ?? 0), Number(pool.generation ?? 0)];
  checkPool(findings, 'spec.pool.name', textOf(pool.name));
  if (count <= 0) findings.push(invalidValue('spec.pool.resourceSliceCount', count, 'must be greater than zero'));
  if (generation < 0) {
    findings.push(invalidValue('spec.pool.generation', generation, 'must be greater than or equal to zero'));
  }
  checkPlace(findings, spec);
  const devices = itemsOf(spec.devices);
  const intricate = devices.some((each) => itemsOf(each.taints).length + itemsOf(each.consumesCounters).length > 0);
  const most = intricate ? mostIntricateDevices : mostDevices;
  checkSet(
    findings,
    'spec.devices',
    devices,
    most,
    ({ name }) => textOf(name),
    (device, at) => checkDevice(findings, at, device),
  );
  return findings;
}

export function validateResourceSliceUpdate(object: KubeObject, old: KubeObject): Findings {
  const findings: Findings = [];
  const [spec, before] = [specOf(object), specOf(old)];
  const same = (path: string, value: unknown, then: unknown) => {
    if (value !== then) findings.push(invalidValue(path, value ?? null, immutableText));
  };
  same('spec.pool.name', fieldsOf(spec.pool).name, fieldsOf(before.pool).name);
  same('spec.driver', spec.driver, before.driver);
  same('spec.nodeName', spec.nodeName, before.nodeName);
  return findings;
}

/** On one node, on those selected, on all, or as each device says. */
function checkPlace(findings: Findings, spec: Fields): void {
  const set: string[] = [];
  if (typeof spec.nodeName === 'string') {
    if (spec.nodeName === '') {
      findings.push(invalidValue('spec.nodeName', '', 'must be either unset or set to a non-empty string'));
    } else {
      set.push('`nodeName`');
      texts(findings, 'spec.nodeName', spec.nodeName, dns1123Subdomain(spec.nodeName));
    }
  }
  if (isFields(spec.nodeSelector)) {
    set.push('`nodeSelector`');
    checkNodeSelector(findings, 'spec.nodeSelector', spec.nodeSelector);
  }
  for (const name of ['allNodes', 'perDeviceNodeSelection']) {
    if (spec[name] === true) set.push(`\`${name}\``);
    else if (!isNothing(spec[name])) {
      findings.push(invalidValue(`spec.${name}`, spec[name], 'must be either unset or set to true'));
    }
  }
  const text = 'exactly one of `nodeName`, `nodeSelector`, `allNodes`, `perDeviceNodeSelection` is required';
  if (set.length === 0) findings.push(requiredValue('spec', text));
  if (set.length > 1) {
    findings.push(invalidValue('spec', `{${set.join(', ')}}`, `${text}, but multiple fields are set`));
  }
}

function checkDevice(findings: Findings, path: string, device: Fields): void {
  checkLabelName(findings, `${path}.name`, textOf(device.name));
  const [attributes, capacity] = [fieldsOf(device.attributes), fieldsOf(device.capacity)];
  const total = Object.keys(attributes).length + Object.keys(capacity).length;
  if (total > mostAttributes) {
    const text = `the total number of attributes and capacities must not exceed ${mostAttributes}`;
    findings.push(invalidValue(path, total, text));
  }
  for (const name of Object.keys(attributes)) {
    const at = `${path}.attributes[${name}]`;
    checkAttributeName(findings, at, name);
    checkAttribute(findings, at, fieldsOf(attributes[name]));
  }
  for (const name of Object.keys(capacity)) checkAttributeName(findings, `${path}.capacity[${name}]`, name);
}

/** https://semver.org, version 2.0.0. */
const semantic = /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$/;

function checkAttribute(findings: Findings, path: string, attribute: Fields): void {
  const { string, version, int, bool } = attribute;
  for (const [name, value] of Object.entries({ string, version })) {
    if (typeof value === 'string' && value.length > longestText) findings.push(tooLong(`${path}.${name}`, longestText));
  }
  if (typeof version === 'string' && !semantic.test(version)) {
    const text = 'must be a string compatible with semver.org spec 2.0.0';
    findings.push(invalidValue(`${path}.version`, version, text));
  }
  const given = [bool, int, string, version].filter((value) => !isNothing(value)).length;
  if (given === 1) return;
  // Told as kube-apiserver's own struct.
  const shown = {
    IntValue: int ?? null,
    BoolValue: bool ?? null,
    StringValue: string ?? null,
    VersionValue: version ?? null,
  };
  findings.push(invalidValue(path, given === 0 ? '' : shown, 'exactly one value must be specified'));
}

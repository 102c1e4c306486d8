/** NetworkPolicies: peers and ports. */
import type { KubeObject } from '#kube/meta/object.ts';
import { forbiddenField, invalidValue, requiredValue, unsupportedValue } from '#kube/status/causes.ts';
import { contentOf } from '../../prepare/preparation.ts';
import { type Fields, fieldsOf, isFields, isNothing, itemsOf, textOf } from '../../value.ts';
import { checkRange, parseRange, strictlyContains } from '../addresses.ts';
import { type Findings, portNumber, requireText, texts } from '../findings.ts';
import { checkLabelSelector } from '../labels.ts';
import { portName } from '../names.ts';

const policyTypes = ['Ingress', 'Egress'];

export function validateNetworkPolicy(policy: KubeObject): Findings {
  const findings: Findings = [];
  const spec = fieldsOf(contentOf(policy).spec);
  checkLabelSelector(findings, 'spec.podSelector', spec.podSelector);
  for (const [direction, peers] of [
    ['ingress', 'from'],
    ['egress', 'to'],
  ] as const) {
    for (const [index, rule] of itemsOf(spec[direction]).entries()) {
      const at = `spec.${direction}[${index}]`;
      for (const [port, each] of itemsOf(rule.ports).entries()) checkPort(findings, `${at}.ports[${port}]`, each);
      for (const [peer, each] of itemsOf(rule[peers]).entries()) checkPeer(findings, `${at}.${peers}[${peer}]`, each);
    }
  }
  const types = itemsOf(spec.policyTypes) as readonly unknown[];
  if (types.length > policyTypes.length) {
    findings.push(invalidValue('spec.policyTypes', types, 'may not specify more than two policyTypes'));
    return findings;
  }
  for (const [index, type] of types.entries()) {
    if (!policyTypes.includes(type as string)) {
      findings.push(unsupportedValue(`spec.policyTypes[${index}]`, type, policyTypes));
    }
  }
  return findings;
}

function checkPort(findings: Findings, path: string, { protocol, port, endPort }: Fields): void {
  const protocols = ['TCP', 'UDP', 'SCTP'];
  if (typeof protocol === 'string' && !protocols.includes(protocol)) {
    findings.push(unsupportedValue(`${path}.protocol`, protocol, protocols));
  }
  const at = `${path}.endPort`;
  if (typeof port === 'number') {
    portNumber(findings, `${path}.port`, port);
    if (typeof endPort !== 'number') return;
    if (endPort < port) findings.push(invalidValue(at, port, 'must be greater than or equal to `port`'));
    portNumber(findings, at, endPort);
  } else if (isNothing(port)) {
    if (!isNothing(endPort))
      findings.push(invalidValue(at, endPort, 'may not be specified when `port` is not specified'));
  } else {
    if (!isNothing(endPort))
      findings.push(invalidValue(at, endPort, 'may not be specified when `port` is non-numeric'));
    texts(findings, `${path}.port`, port, portName(textOf(port)));
  }
}

function checkPeer(findings: Findings, path: string, peer: Fields): void {
  const { podSelector, namespaceSelector, ipBlock } = peer;
  checkLabelSelector(findings, `${path}.podSelector`, podSelector);
  checkLabelSelector(findings, `${path}.namespaceSelector`, namespaceSelector);
  if (isFields(ipBlock)) checkBlock(findings, `${path}.ipBlock`, ipBlock);
  const selectors = [podSelector, namespaceSelector].filter(isFields).length;
  if (selectors === 0 && !isFields(ipBlock)) findings.push(requiredValue(path, 'must specify a peer'));
  if (selectors > 0 && isFields(ipBlock)) {
    findings.push(forbiddenField(path, 'may not specify both ipBlock and another peer'));
  }
}

function checkBlock(findings: Findings, path: string, block: Fields): void {
  const { cidr } = block;
  if (!requireText(findings, `${path}.cidr`, cidr) || !checkRange(findings, `${path}.cidr`, cidr)) return;
  const outer = parseRange(cidr);
  for (const [index, except] of (itemsOf(block.except) as readonly unknown[]).entries()) {
    const at = `${path}.except[${index}]`;
    const text = textOf(except);
    const inner = checkRange(findings, at, text) ? parseRange(text) : undefined;
    if (!outer || !inner || strictlyContains(outer, inner)) continue;
    findings.push(invalidValue(at, text, 'must be a strict subset of `cidr`'));
  }
}

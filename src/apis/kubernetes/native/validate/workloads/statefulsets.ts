/** StatefulSets: their claims come with them, and little of their spec ever changes. */
import type { KubeObject } from '#kube/meta/object.ts';
import { dns1123Label } from '#kube/names/validate.ts';
import { forbiddenField, invalidValue, requiredValue, unsupportedValue } from '#kube/status/causes.ts';
import { contentOf } from '../../prepare/preparation.ts';
import { type Fields, fieldsOf, isFields, itemsOf, sameValue, textOf, withField } from '../../value.ts';
import { type Findings, notNegative, texts } from '../findings.ts';
import { isEmptySelector, shownSelector } from '../labels.ts';
import { checkClaimSpec } from '../volumes/claims.ts';
import { checkAtMostAll, checkCountOrShare, isNone } from './rolling.ts';
import { checkLasting, checkSelected, checkSelector, checkTemplate } from './templates.ts';

const specOf = (object: KubeObject): Fields => fieldsOf(contentOf(object).spec);

export function validateStatefulSet(object: KubeObject): Findings {
  const findings: Findings = [];
  const spec = specOf(object);
  const isNew = object.metadata.resourceVersion === undefined;
  checkPolicies(findings, spec);
  if (isNew) {
    for (const [index, claim] of itemsOf(spec.volumeClaimTemplates).entries()) {
      checkClaimSpec(findings, `spec.volumeClaimTemplates[${index}].spec`, fieldsOf(claim.spec));
    }
  }
  notNegative(findings, 'spec.replicas', spec.replicas);
  notNegative(findings, 'spec.minReadySeconds', spec.minReadySeconds);
  notNegative(findings, 'spec.ordinals.start', fieldsOf(spec.ordinals).start);
  const service = textOf(spec.serviceName);
  if (isNew && service !== '') texts(findings, 'spec.serviceName', service, dns1123Label(service));
  const template = withClaimVolumes(fieldsOf(spec.template), itemsOf(spec.volumeClaimTemplates));
  if (checkSelector(findings, spec, 'statefulset')) {
    const everything = isFields(spec.selector) && isEmptySelector(spec.selector);
    if (!everything) checkSelected(findings, 'spec.template', spec.selector, template);
    checkTemplate(findings, 'spec.template', template);
  } else findings.push(invalidValue('spec.selector', shownSelector(spec.selector), ''));
  checkLasting(findings, 'spec.template.spec', template, 'StatefulSet');
  return findings;
}

function checkPolicies(findings: Findings, spec: Fields): void {
  const management = spec.podManagementPolicy;
  if (!management) findings.push(requiredValue('spec.podManagementPolicy'));
  else if (management !== 'OrderedReady' && management !== 'Parallel') {
    findings.push(invalidValue('spec.podManagementPolicy', management, "must be 'OrderedReady' or 'Parallel'"));
  }
  checkUpdateStrategy(findings, fieldsOf(spec.updateStrategy));
  for (const [name, policy] of Object.entries(fieldsOf(spec.persistentVolumeClaimRetentionPolicy))) {
    if (policy === 'Retain' || policy === 'Delete') continue;
    const path = `spec.persistentVolumeClaimRetentionPolicy.${name}`;
    findings.push(unsupportedValue(path, policy, ['Retain', 'Delete']));
  }
}

function checkUpdateStrategy(findings: Findings, { type, rollingUpdate }: Fields): void {
  const path = 'spec.updateStrategy.rollingUpdate';
  if (type === 'OnDelete') {
    if (isFields(rollingUpdate)) {
      findings.push(invalidValue(path, shownRolling(rollingUpdate), "only allowed for updateStrategy 'RollingUpdate'"));
    }
  } else if (type !== 'RollingUpdate') {
    const shown = { Type: type, RollingUpdate: isFields(rollingUpdate) ? shownRolling(rollingUpdate) : null };
    findings.push(invalidValue('spec.updateStrategy', shown, "must be 'RollingUpdate' or 'OnDelete'"));
  } else if (isFields(rollingUpdate)) {
    const most = rollingUpdate.maxUnavailable;
    notNegative(findings, `${path}.partition`, rollingUpdate.partition);
    if (most === undefined) return;
    checkCountOrShare(findings, `${path}.maxUnavailable`, most);
    if (isNone(most)) findings.push(invalidValue(`${path}.maxUnavailable`, most, 'cannot be 0'));
    checkAtMostAll(findings, `${path}.maxUnavailable`, most);
  }
}

const shownRolling = ({ partition, maxUnavailable }: Fields): Fields => ({
  Partition: partition ?? 0,
  MaxUnavailable: maxUnavailable ?? null,
});

/** Containers may mount the claims by name; host names are the controller's to give. */
function withClaimVolumes(template: Fields, claims: readonly Fields[]): Fields {
  let spec = withField(withField(fieldsOf(template.spec), 'subdomain', undefined), 'hostname', undefined);
  if (claims.length > 0) {
    const names = new Set(claims.map((claim) => textOf(fieldsOf(claim.metadata).name)));
    const volumes = [...names].map((name) => ({ name, persistentVolumeClaim: { claimName: name } }));
    const others = itemsOf(spec.volumes).filter((volume) => !names.has(textOf(volume.name)));
    spec = { ...spec, volumes: [...volumes, ...others] };
  }
  return withField(template, 'spec', spec);
}

const mutable = [
  'replicas',
  'template',
  'updateStrategy',
  'minReadySeconds',
  'ordinals',
  'revisionHistoryLimit',
  'persistentVolumeClaimRetentionPolicy',
];

export function validateStatefulSetUpdate(object: KubeObject, old: KubeObject): Findings {
  const before = specOf(old);
  let spec = specOf(object);
  for (const name of mutable) spec = withField(spec, name, before[name]);
  if (sameValue(spec, before)) return [];
  const why =
    "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', " +
    "'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden";
  return [forbiddenField('spec', why)];
}

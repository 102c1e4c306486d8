/** A Pod's volumes: one source each, names that are unique labels. */
import { dns1123Label, dns1123Subdomain } from '#kube/names/validate.ts';
import { duplicateValue, forbiddenField, invalidValue, requiredValue } from '#kube/status/causes.ts';
import { type Fields, fieldsOf, isFields, itemsOf, textOf } from '../../value.ts';
import { type Findings, texts } from '../findings.ts';
import { checkAnnotations, checkLabels } from '../labels.ts';
import { checkClaimSpec } from '../volumes/claims.ts';
import { checkPodSource } from '../volumes/sources.ts';
import type { Volumes } from './mounts.ts';

/** `podName` is '' in templates. Answers the volumes that containers may mount: the valid ones. */
export function checkVolumes(findings: Findings, path: string, volumes: readonly Fields[], podName: string): Volumes {
  const known = new Map<string, Fields>();
  const names = new Set<string>();
  const created = new Set<string>();
  if (podName !== '') {
    for (const volume of volumes) if (isFields(volume.ephemeral)) created.add(`${podName}-${textOf(volume.name)}`);
  }
  for (const [index, volume] of volumes.entries()) {
    const at = `${path}[${index}]`;
    const before = findings.length;
    const name = textOf(volume.name);
    checkPodSource(findings, at, volume, (_, __, source) => checkEphemeral(findings, at, volume, source, podName));
    if (name === '') findings.push(requiredValue(`${at}.name`));
    else texts(findings, `${at}.name`, name, dns1123Label(name));
    if (names.has(name)) findings.push(duplicateValue(`${at}.name`, name));
    if (findings.length === before) {
      names.add(name);
      known.set(name, volume);
    }
    const claim = textOf(fieldsOf(volume.persistentVolumeClaim).claimName);
    if (created.has(claim)) {
      const why = 'must not reference a PVC that gets created for an ephemeral volume';
      findings.push(invalidValue(`${at}.persistentVolumeClaim.claimName`, claim, why));
    }
  }
  return known;
}

function checkEphemeral(findings: Findings, path: string, volume: Fields, source: Fields, podName: string): void {
  const template = source.volumeClaimTemplate;
  const at = `${path}.ephemeral.volumeClaimTemplate`;
  if (!isFields(template)) findings.push(requiredValue(at));
  else {
    const metadata = fieldsOf(template.metadata);
    checkAnnotations(findings, `${at}.metadata.annotations`, metadata.annotations);
    checkLabels(findings, `${at}.metadata.labels`, metadata.labels);
    for (const name in metadata) {
      if (name === 'annotations' || name === 'labels') continue;
      findings.push(forbiddenField(`${at}.metadata.${name}`, 'cannot be set'));
    }
    checkClaimSpec(findings, `${at}.spec`, fieldsOf(template.spec));
  }
  const name = textOf(volume.name);
  if (podName === '' || name === '') return;
  const claim = `${podName}-${name}`;
  const wrong = dns1123Subdomain(claim).map((text) => `PVC name ${JSON.stringify(claim)}: ${text}`);
  texts(findings, `${path}.name`, name, wrong);
}

/** Of a Pod or a template without a service account, which no token can be made for. */
export function checkTokensNeedAccount(findings: Findings, path: string, spec: Fields): void {
  if (spec.serviceAccountName) return;
  for (const [index, volume] of itemsOf(spec.volumes).entries()) {
    for (const [at, source] of itemsOf(fieldsOf(volume.projected).sources).entries()) {
      if (!isFields(source.serviceAccountToken)) continue;
      const field = `${path}[${index}].projected.sources[${at}].serviceAccountToken`;
      findings.push(forbiddenField(field, 'must not be specified when serviceAccountName is not set'));
    }
  }
}

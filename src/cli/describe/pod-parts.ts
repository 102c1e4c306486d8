/** What Pods and Pod templates have besides containers: volumes, node selectors, tolerations. */
import type { PodTemplateSpec, Toleration, Volume } from '#apis/kubernetes/types.ts';
import { nothingThere } from '../output/labels.ts';
import { describeContainers } from './containers.ts';
import { annotationLines, pairs } from './metadata.ts';
import type { Page } from './page.ts';

export function describeTemplate(page: Page, { metadata, spec }: PodTemplateSpec): void {
  page.line(0, 'Pod Template:');
  page.list(1, 'Labels', pairs(metadata?.labels));
  if (Object.keys(metadata?.annotations ?? {}).length > 0)
    annotationLines(page, 1, 'Annotations', metadata?.annotations);
  page.fieldIfAny(1, 'Service Account', spec?.serviceAccountName);
  if (spec?.initContainers?.length)
    describeContainers(page, { title: 'Init Containers', containers: spec.initContainers, inTemplate: true });
  describeContainers(page, { title: 'Containers', containers: spec?.containers ?? [], inTemplate: true });
  describeVolumes(page, spec?.volumes, true);
  page.fieldIfAny(1, 'Priority Class Name', spec?.priorityClassName);
  page.list(1, 'Node-Selectors', pairs(spec?.nodeSelector));
  page.list(1, 'Tolerations', tolerationTexts(spec?.tolerations));
}

/** `key=value:Effect op=Exists for 300s`, by key. */
export function tolerationTexts(tolerations: readonly Toleration[] = []): readonly string[] {
  return [...tolerations]
    .sort((a, b) => ((a.key ?? '') < (b.key ?? '') ? -1 : 1))
    .map(({ key = '', value = '', effect = '', operator, tolerationSeconds }) => {
      const subject = `${key}${value === '' ? '' : `=${value}`}${effect === '' ? '' : `:${effect}`}`;
      const exists = operator === 'Exists' && value === '' ? `${subject === '' ? '' : ' '}op=Exists` : '';
      return `${subject}${exists}${tolerationSeconds === undefined ? '' : ` for ${tolerationSeconds}s`}`;
    });
}

export function describeVolumes(page: Page, volumes: readonly Volume[] = [], inTemplate = false): void {
  const level = inTemplate ? 1 : 0;
  if (volumes.length === 0) {
    page.field(level, 'Volumes', nothingThere);
    return;
  }
  page.line(level, 'Volumes:');
  for (const volume of volumes) {
    page.line(1, `${inTemplate ? ' ' : ''}${volume.name}:`);
    for (const [name, value] of volumeFields(volume)) page.field(2, name, value);
  }
}

type Field = readonly [string, string | number | boolean];

function volumeFields(volume: Volume): readonly Field[] {
  const { secret, configMap, emptyDir, hostPath, persistentVolumeClaim: claim, projected } = volume;
  if (secret)
    return [
      ['Type', 'Secret (a volume populated by a Secret)'],
      ['SecretName', secret.secretName ?? ''],
      ['Optional', secret.optional ?? false],
    ];
  if (configMap)
    return [
      ['Type', 'ConfigMap (a volume populated by a ConfigMap)'],
      ['Name', configMap.name ?? ''],
      ['Optional', configMap.optional ?? false],
    ];
  if (emptyDir)
    return [
      ['Type', "EmptyDir (a temporary directory that shares a pod's lifetime)"],
      ['Medium', emptyDir.medium ?? ''],
      ['SizeLimit', String(emptyDir.sizeLimit ?? '<unset>')],
    ];
  if (hostPath)
    return [
      ['Type', 'HostPath (bare host directory volume)'],
      ['Path', hostPath.path],
      ['HostPathType', hostPath.type ?? ''],
    ];
  if (claim)
    return [
      ['Type', 'PersistentVolumeClaim (a reference to a PersistentVolumeClaim in the same namespace)'],
      ['ClaimName', claim.claimName],
      ['ReadOnly', claim.readOnly ?? false],
    ];
  if (projected)
    return [
      ['Type', 'Projected (a volume that contains injected data from multiple sources)'],
      ...(projected.sources ?? []).flatMap(projectedFields),
    ];
  const [type = '<unknown>'] = Object.keys(volume).filter((key) => key !== 'name');
  return [['Type', type]];
}

type Source = NonNullable<NonNullable<Volume['projected']>['sources']>[number];

function projectedFields({ secret, configMap, downwardAPI, serviceAccountToken }: Source): readonly Field[] {
  if (secret)
    return [
      ['SecretName', secret.name ?? ''],
      ['Optional', secret.optional ?? false],
    ];
  if (configMap)
    return [
      ['ConfigMapName', configMap.name ?? ''],
      ['Optional', configMap.optional ?? false],
    ];
  if (downwardAPI) return [['DownwardAPI', true]];
  return serviceAccountToken ? [['TokenExpirationSeconds', serviceAccountToken.expirationSeconds ?? 0]] : [];
}

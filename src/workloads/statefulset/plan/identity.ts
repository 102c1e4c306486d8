/** What makes a Pod the one of its ordinal: name, host name, labels, claims. Pure. */
import type {
  ControllerRevision,
  PersistentVolumeClaim,
  Pod,
  PodTemplateSpec,
  StatefulSet,
  Volume,
} from '#apis/kubernetes/types.ts';
import { revisionLabel, templateIn } from '../../history.ts';
import { namedPod } from '../../pod-control.ts';

const podName = 'statefulset.kubernetes.io/pod-name';
const podIndex = 'apps.kubernetes.io/pod-index';

export const startOf = ({ spec }: StatefulSet): number => spec.ordinals?.start ?? 0;

export const nameOfOrdinal = (set: StatefulSet, ordinal: number): string => `${set.metadata.name}-${ordinal}`;

/** Undefined for a Pod whose name is not one of this set's. */
export function ordinalOf(set: StatefulSet, { metadata }: Pod): number | undefined {
  const name = metadata.name ?? '';
  const prefix = `${set.metadata.name}-`;
  const rest = name.slice(prefix.length);
  return name.startsWith(prefix) && /^\d+$/.test(rest) ? Number(rest) : undefined;
}

export const revisionOfPod = ({ metadata }: Pod): string | undefined => metadata.labels?.[revisionLabel];

const claimName = (template: PersistentVolumeClaim, set: StatefulSet, ordinal: number): string =>
  `${template.metadata.name}-${nameOfOrdinal(set, ordinal)}`;

/** The claims a Pod's volumes mean. They outlive it. */
export function claimsOf(set: StatefulSet, ordinal: number): readonly PersistentVolumeClaim[] {
  return (set.spec.volumeClaimTemplates ?? []).map((template) => {
    const { status: _, ...claim } = template;
    return {
      ...claim,
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: {
        ...template.metadata,
        name: claimName(template, set, ordinal),
        namespace: set.metadata.namespace!,
        labels: { ...template.metadata.labels, ...set.spec.selector.matchLabels },
      },
    };
  });
}

/** Claims take the place of the template's volumes of their names. */
function volumesOf(set: StatefulSet, ordinal: number, { spec }: PodTemplateSpec): readonly Volume[] {
  const claims = (set.spec.volumeClaimTemplates ?? []).map((template) => ({
    name: template.metadata.name!,
    persistentVolumeClaim: { claimName: claimName(template, set, ordinal) },
  }));
  const names = new Set(claims.map(({ name }) => name));
  return [...claims, ...(spec.volumes ?? []).filter(({ name }) => !names.has(name))];
}

export function podOf(set: StatefulSet, ordinal: number, revision: ControllerRevision): Pod {
  const template = templateIn(revision);
  const name = nameOfOrdinal(set, ordinal);
  const pod = namedPod(template, set, name);
  const labels = {
    ...pod.metadata.labels,
    [revisionLabel]: revision.metadata.name!,
    [podName]: name,
    [podIndex]: String(ordinal),
  };
  const volumes = volumesOf(set, ordinal, template);
  const { serviceName } = set.spec;
  return {
    ...pod,
    metadata: { ...pod.metadata, generateName: `${set.metadata.name}-`, labels },
    spec: {
      ...pod.spec,
      hostname: name,
      ...(serviceName ? { subdomain: serviceName } : {}),
      ...(volumes.length > 0 ? { volumes } : {}),
    },
  };
}

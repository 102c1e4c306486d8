/** The checks of the restricted level: what a hardened Pod says of itself. */
import type { Container, Pod, Volume } from '#apis/kubernetes/types.ts';
import { seccompProfile, seccompTypes } from './baseline.ts';
import { type CheckPod, containersOf, found, named, namesWhere, plural, quoted, setters, sorted } from './check.ts';

export const allowPrivilegeEscalation: CheckPod = (spec) => {
  const names = namesWhere(spec, ({ securityContext }) => securityContext?.allowPrivilegeEscalation !== false);
  if (names.length === 0) return undefined;
  return {
    reason: 'allowPrivilegeEscalation != false',
    detail: `${named(names)} must set securityContext.allowPrivilegeEscalation=false`,
  };
};

export const capabilities: CheckPod = (spec) => {
  const keeping = namesWhere(spec, ({ securityContext }) => !securityContext?.capabilities?.drop?.includes('ALL'));
  const { names, values } = found(spec, ({ securityContext }) =>
    (securityContext?.capabilities?.add ?? []).filter((each) => each !== 'NET_BIND_SERVICE'),
  );
  const details = [
    ...(keeping.length > 0 ? [`${named(keeping)} must set securityContext.capabilities.drop=["ALL"]`] : []),
    ...(names.length > 0
      ? [`${named(names)} must not include ${quoted(values)} in securityContext.capabilities.add`]
      : []),
  ];
  return details.length > 0 ? { reason: 'unrestricted capabilities', detail: details.join('; ') } : undefined;
};

const allowedVolumes: readonly (keyof Volume)[] = [
  'configMap',
  'csi',
  'downwardAPI',
  'emptyDir',
  'ephemeral',
  'image',
  'persistentVolumeClaim',
  'projected',
  'secret',
];
const otherVolumes: readonly (keyof Volume)[] = [
  'hostPath',
  'gcePersistentDisk',
  'awsElasticBlockStore',
  'gitRepo',
  'nfs',
  'iscsi',
  'glusterfs',
  'rbd',
  'flexVolume',
  'cinder',
  'cephfs',
  'flocker',
  'fc',
  'azureFile',
  'vsphereVolume',
  'quobyte',
  'azureDisk',
  'photonPersistentDisk',
  'portworxVolume',
  'scaleIO',
  'storageos',
];

export const volumes: CheckPod = (spec) => {
  const bad = (spec.volumes ?? []).filter((volume) => !allowedVolumes.some((type) => volume[type] !== undefined));
  if (bad.length === 0) return undefined;
  const types = sorted(bad.map((volume) => otherVolumes.find((type) => volume[type] !== undefined) ?? 'unknown'));
  const use = bad.length === 1 ? 'uses' : 'use';
  const names = named(
    bad.map(({ name }) => name),
    'volume',
  );
  return {
    reason: 'restricted volume types',
    detail: `${names} ${use} ${plural('restricted volume type', types.length)} ${quoted(types)}`,
  };
};

/** A setting that the Pod can make for all containers that leave it open. */
function settings(
  spec: Pod['spec'],
  of: (context: Container['securityContext']) => unknown,
  isGood: (value: unknown) => boolean,
) {
  const own = of(spec.securityContext as Container['securityContext']);
  const names = (is: (value: unknown) => boolean) =>
    containersOf(spec)
      .filter(({ securityContext }) => is(of(securityContext)))
      .map(({ name }) => name);
  const isSettled = own !== undefined && isGood(own);
  return {
    badPod: own !== undefined && !isGood(own),
    bad: names((value) => value !== undefined && !isGood(value)),
    silent: isSettled ? [] : names((value) => value === undefined),
  };
}

export const runAsNonRoot: CheckPod = (spec) => {
  const { badPod, bad, silent } = settings(
    spec,
    (context) => context?.runAsNonRoot,
    (value) => value === true,
  );
  const reason = 'runAsNonRoot != true';
  if (badPod || bad.length > 0) {
    return { reason, detail: `${setters(badPod, bad)} must not set securityContext.runAsNonRoot=false` };
  }
  if (silent.length === 0) return undefined;
  return { reason, detail: `pod or ${named(silent)} must set securityContext.runAsNonRoot=true` };
};

export const runAsUser: CheckPod = (spec) => {
  const { badPod, bad } = settings(
    spec,
    (context) => context?.runAsUser,
    (value) => value !== 0,
  );
  if (!badPod && bad.length === 0) return undefined;
  return { reason: 'runAsUser=0', detail: `${setters(badPod, bad)} must not set runAsUser=0` };
};

export const seccompRequired: CheckPod = (spec, annotations) => {
  const forbidden = seccompProfile(spec, annotations);
  if (forbidden) return forbidden;
  const { silent } = settings(
    spec,
    (context) => context?.seccompProfile?.type,
    (type) => seccompTypes.includes(type as string),
  );
  if (silent.length === 0) return undefined;
  return {
    reason: 'seccompProfile',
    detail: `pod or ${named(silent)} must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost"`,
  };
};

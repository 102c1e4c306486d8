/** Every way in which a Pod's spec names another object (compatibility.md section 6.1, and Kubernetes' own visitors). */
import { describe, expect, it } from 'vitest';
import type { UnstructuredObject } from '#kube/meta/object.ts';
import { interpreterOf } from '../interpreter.ts';
import { nativeSource } from './native.ts';
import { object } from './object.fixture.ts';

const interpreter = interpreterOf([nativeSource]);

/** `ConfigMap a`, `Secret b`, in the order they are told. */
const needs = async (template: UnstructuredObject) =>
  (await interpreter.getDependencies(template)).map(({ kind, name }) => `${kind} ${name}`);

const volumes = (...sources: readonly object[]) => ({
  volumes: sources.map((each, i) => ({ name: `v${i}`, ...each })),
});
const env = (...sources: readonly object[]) => [
  { name: 'c', env: sources.map((valueFrom) => ({ name: 'E', valueFrom })) },
];

describe('a Pod needs', () => {
  it.each<[string, object, readonly string[]]>([
    ['nothing of itself', { containers: [{ name: 'c' }] }, []],
    ['variables of a container', { containers: env({ configMapKeyRef: { name: 'm' } }) }, ['ConfigMap m']],
    ['secret variables', { containers: env({ secretKeyRef: { name: 's' } }) }, ['Secret s']],
    ['no fields of its own', { containers: env({ fieldRef: { fieldPath: 'spec.nodeName' } }) }, []],
    [
      'whole environments',
      { containers: [{ envFrom: [{ configMapRef: { name: 'm' } }, { secretRef: { name: 's' } }] }] },
      ['ConfigMap m', 'Secret s'],
    ],
    ['those of init containers', { initContainers: env({ secretKeyRef: { name: 's' } }) }, ['Secret s']],
    ['those of ephemeral containers', { ephemeralContainers: env({ secretKeyRef: { name: 's' } }) }, ['Secret s']],
    ['secrets to pull images', { imagePullSecrets: [{ name: 's' }, {}] }, ['Secret s']],
    ['a ConfigMap volume', volumes({ configMap: { name: 'm' } }), ['ConfigMap m']],
    ['a Secret volume', volumes({ secret: { secretName: 's' } }), ['Secret s']],
    ['an Azure file share', volumes({ azureFile: { secretName: 's' } }), ['Secret s']],
    ['CephFS', volumes({ cephfs: { secretRef: { name: 's' } } }), ['Secret s']],
    ['Cinder', volumes({ cinder: { secretRef: { name: 's' } } }), ['Secret s']],
    ['a flex volume', volumes({ flexVolume: { secretRef: { name: 's' } } }), ['Secret s']],
    ['RBD', volumes({ rbd: { secretRef: { name: 's' } } }), ['Secret s']],
    ['ScaleIO', volumes({ scaleIO: { secretRef: { name: 's' } } }), ['Secret s']],
    ['iSCSI', volumes({ iscsi: { secretRef: { name: 's' } } }), ['Secret s']],
    ['StorageOS', volumes({ storageos: { secretRef: { name: 's' } } }), ['Secret s']],
    ['a CSI volume', volumes({ csi: { nodePublishSecretRef: { name: 's' } } }), ['Secret s']],
    [
      'what is projected into one volume',
      volumes({
        projected: { sources: [{ secret: { name: 's' } }, { configMap: { name: 'm' } }, { serviceAccountToken: {} }] },
      }),
      ['ConfigMap m', 'Secret s'],
    ],
    ['a claim', volumes({ persistentVolumeClaim: { claimName: 'p' } }), ['PersistentVolumeClaim p']],
    [
      'no claim of an ephemeral volume: that is made with the Pod',
      volumes({ ephemeral: { volumeClaimTemplate: { spec: {} } } }),
      [],
    ],
    [
      'no volume without an object behind it',
      volumes({ emptyDir: {} }, { hostPath: { path: '/' } }, { downwardAPI: {} }),
      [],
    ],
    ['its account', { serviceAccountName: 'a' }, ['ServiceAccount a']],
    ['no default account', { serviceAccountName: 'default' }, []],
    [
      'nothing without a name',
      { ...volumes({ configMap: {} }, { secret: { secretName: '' } }), serviceAccountName: '' },
      [],
    ],
    [
      'each once, by kind and name',
      {
        serviceAccountName: 'a',
        containers: env(
          { secretKeyRef: { name: 't' } },
          { secretKeyRef: { name: 's' } },
          { configMapKeyRef: { name: 'm' } },
        ),
        ...volumes({ secret: { secretName: 's' } }, { persistentVolumeClaim: { claimName: 'p' } }),
      },
      ['ConfigMap m', 'Secret s', 'Secret t', 'ServiceAccount a', 'PersistentVolumeClaim p'],
    ],
  ])('%s', async (_what, spec, expected) => {
    expect(await needs(object('v1/Pod', { spec }))).toEqual(expected);
  });
});

describe('a StatefulSet makes its own claims', () => {
  const claims = (...names: readonly string[]) => ({
    volumeClaimTemplates: names.map((name) => ({ metadata: { name } })),
  });
  const claim = (name: string, claimName: string) => ({ name, persistentVolumeClaim: { claimName } });
  it.each<[string, readonly object[], readonly string[]]>([
    ['a claim of another name is needed', [claim('logs', 'logs')], ['PersistentVolumeClaim logs']],
    ['a claim named like a template is not', [claim('d', 'data')], []],
    ['nor one whose volume the template replaces', [claim('data', 'other')], []],
  ])('%s', async (_what, list, expected) => {
    const spec = { ...claims('data'), template: { spec: { volumes: list } } };
    expect(await needs(object('apps/v1/StatefulSet', { spec }))).toEqual(expected);
  });
});

describe('without a Pod template', () => {
  it.each([
    'apps/v1/Deployment',
    'apps/v1/ReplicaSet',
    'apps/v1/StatefulSet',
    'apps/v1/DaemonSet',
    'batch/v1/Job',
    'batch/v1/CronJob',
  ])('%s needs nothing', async (type) => expect(await needs(object(type, { spec: {} }))).toEqual([]));
});

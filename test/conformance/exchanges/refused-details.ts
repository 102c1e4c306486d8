/** What is told of empty lists and maps, of counts and zones, and fields of features that are off. */
import type { Anything } from '#harness/kubectl.ts';
import type { Hand, Script } from './hand.ts';
import { configMap, object } from './samples.ts';

const pods = { restartPolicy: 'Never', containers: [{ name: 'main', image: 'busybox:1' }] };

async function jobs(hand: Hand): Promise<void> {
  const job = (spec: Anything) =>
    hand.create(object('batch/v1', 'Job', 'a', { spec: { template: { spec: pods }, ...spec } }));
  const success = (...rules: readonly Anything[]) =>
    job({ completions: 5, parallelism: 5, completionMode: 'Indexed', successPolicy: { rules } });
  await success({ succeededCount: 3, succeededIndexes: '0-1' });
  await success({ succeededCount: 6, succeededIndexes: '0,2,4' });
  await success({ succeededCount: 1, succeededIndexes: '' });
  await success({ succeededCount: 2, succeededIndexes: '0-9' });
  await success({ succeededCount: -1, succeededIndexes: 'x' });
  await success({ succeededCount: 2, succeededIndexes: '0,2-3' });
  const failure = (onExitCodes: Anything) => job({ podFailurePolicy: { rules: [{ action: 'FailJob', onExitCodes }] } });
  await failure({ operator: 'In', values: [] });
  await failure({ operator: 'In' });
  await failure({ operator: 'In', values: null });
  await failure({});
  for (const timeZone of [
    'local',
    'Local',
    'LOCAL',
    'UTC',
    'utc',
    'Nowhere/Land',
    '../x',
    '-a',
    '',
    'Europe/Berlin',
    'europe/berlin',
    '+01:00',
  ])
    await hand.create(
      object('batch/v1', 'CronJob', 'a', {
        spec: { schedule: '@daily', timeZone, jobTemplate: { spec: { template: { spec: pods } } } },
      }),
    );
}

async function empties(hand: Hand): Promise<void> {
  const scaler = (behavior: Anything) =>
    hand.create(
      object('autoscaling/v2', 'HorizontalPodAutoscaler', 'a', {
        spec: { maxReplicas: 2, scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'a' }, behavior },
      }),
    );
  await scaler({ scaleUp: { policies: [] } });
  await scaler({ scaleDown: { policies: [] }, scaleUp: {} });
  await scaler({ scaleDown: { policies: null } });
  const volume = (capacity?: Anything) =>
    hand.ask({
      method: 'POST',
      path: '/api/v1/persistentvolumes?dryRun=All',
      type: 'application/json',
      body: {
        apiVersion: 'v1',
        kind: 'PersistentVolume',
        metadata: { name: `${hand.namespace}-a` },
        spec: {
          accessModes: ['ReadWriteOnce'],
          hostPath: { path: '/a' },
          ...(capacity === undefined ? {} : { capacity }),
        },
      },
    });
  await volume({});
  await volume();
  await volume(null);
  await volume({ cpu: '1' });
  await volume({ storage: '0' });
  const lease = (name: string, spec: Anything) => object('coordination.k8s.io/v1', 'Lease', name, { spec });
  await hand.create(lease('made', { holderIdentity: 'a', strategy: 'OldestEmulationVersion', preferredHolder: 'b' }));
  await hand.apply(
    lease('applied', { holderIdentity: 'a', strategy: 'OldestEmulationVersion', preferredHolder: 'b' }),
    'one',
  );
  await hand.apply(
    lease('applied', { holderIdentity: 'a', strategy: 'OldestEmulationVersion', preferredHolder: 'b' }),
    'two',
  );
  await hand.apply(lease('applied', { holderIdentity: 'a' }), 'one');
  await hand.patch(lease('made', {}), 'merge', { spec: { preferredHolder: 'c' } });
}

async function forms(hand: Hand): Promise<void> {
  await hand.create(configMap('one', { a: '1' }));
  const path = `/api/v1/namespaces/${hand.namespace}/configmaps`;
  const as = (name: string, media = 'json') => `application/${media};as=${name};g=meta.k8s.io;v=v1`;
  for (const at of [`${path}/one`, path]) {
    for (const form of ['PartialObjectMetadataList', 'PartialObjectMetadata']) {
      await hand.ask({ method: 'GET', path: at, accept: as(form) });
      await hand.ask({ method: 'GET', path: at, accept: `${as(form)},application/json` });
    }
  }
  await hand.ask({ method: 'GET', path: `${path}/missing`, accept: as('PartialObjectMetadataList') });
  await hand.ask({
    method: 'PATCH',
    path: `${path}/one`,
    type: 'application/merge-patch+json',
    body: { data: { b: '2' } },
    accept: as('PartialObjectMetadataList'),
  });
  await hand.ask({ method: 'GET', path: `${path}/one` });
  await hand.ask({ method: 'DELETE', path: `${path}/one`, accept: as('PartialObjectMetadataList') });
  await hand.ask({ method: 'GET', path: `${path}/one` });
}

export const detailScripts: readonly Script[] = [
  { name: 'refused-details-jobs', run: jobs },
  { name: 'refused-details-empties', run: empties },
  { name: 'metadata-forms', run: forms },
];

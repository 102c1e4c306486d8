import { expect, it } from 'vitest';
import { ConfigMaps, Namespaces, ServiceAccounts } from '#apis/kubernetes/types.ts';
import { startTestCluster } from '../workloads.cases.ts';

const start = (rootCertificate?: string) =>
  startTestCluster({ names: ['serviceaccount'], ...(rootCertificate ? { rootCertificate } : {}) });

it('every namespace has a default account, again when it is deleted', async () => {
  const cluster = await start();
  const accounts = cluster.client.resource(ServiceAccounts);
  await cluster.client
    .resource(Namespaces)
    .create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'team' }, spec: {} });
  await cluster.settle();
  const namespaces = async () =>
    (await accounts.list()).items.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`);
  expect(await namespaces()).toEqual([
    'default/default',
    'kube-node-lease/default',
    'kube-public/default',
    'kube-system/default',
    'team/default',
  ]);
  await accounts.delete({ namespace: 'team', name: 'default' });
  await cluster.settle();
  expect(await namespaces()).toContain('team/default');
  expect((await cluster.client.resource(ConfigMaps).list()).items).toEqual([]);
});

it('the root certificate is published where there is one, and put right', async () => {
  const cluster = await start('PEM');
  const maps = cluster.client.resource(ConfigMaps);
  const key = { namespace: 'default', name: 'kube-root-ca.crt' };
  const published = await maps.get(key);
  expect(published.data).toEqual({ 'ca.crt': 'PEM' });
  expect(published.metadata.annotations?.['kubernetes.io/description']).toContain('CA bundle');
  await maps.update({ ...published, data: { 'ca.crt': 'other' } });
  await cluster.settle();
  expect((await maps.get(key)).data).toEqual({ 'ca.crt': 'PEM' });
  await maps.delete(key);
  await cluster.settle();
  expect((await maps.get(key)).data).toEqual({ 'ca.crt': 'PEM' });
});

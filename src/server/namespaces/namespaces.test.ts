import { beforeEach, describe, expect, it } from 'vitest';
import { type Cluster, configMap, refusal, refusalText, startCluster } from '../serve.cases.ts';

const namespaces = 'v1/namespaces';
const namespace = (name: string) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
const create = (cluster: Cluster, name: string) => cluster.create(namespaces, namespace(name));

describe('namespaces', () => {
  let cluster: Cluster;
  beforeEach(async () => {
    cluster = await startCluster();
  });

  it('are there from the beginning, once', async () => {
    const names = async () => (await cluster.list(namespaces)).items.map(({ metadata }) => metadata.name);
    expect(await names()).toEqual(['default', 'kube-node-lease', 'kube-public', 'kube-system']);
    const revision = cluster.store.revision();
    const again = await startCluster({ store: cluster.store });
    expect(again.store.revision()).toBe(revision);
  });

  it('are active, carry their name as a label, and the finalizer of the namespace controller', async () => {
    expect(await create(cluster, 'x')).toMatchObject({
      metadata: { labels: { 'kubernetes.io/metadata.name': 'x' } },
      spec: { finalizers: ['kubernetes'] },
      status: { phase: 'Active' },
    });
  });

  it('must be there for what is created in them', async () => {
    expect(await refusalText(cluster.create('v1/configmaps/missing', configMap('a')))).toBe(
      '404 NotFound: namespaces "missing" not found',
    );
  });

  it('take nothing new while they end, stay until the controller is done, then go', async () => {
    await create(cluster, 'x');
    await cluster.create('v1/configmaps/x', configMap('old'));
    const terminating = await cluster.remove(`${namespaces}/-/x`);
    expect(terminating).toMatchObject({
      status: { phase: 'Terminating' },
      metadata: { deletionTimestamp: '2026-01-01T00:00:00Z' },
    });
    expect(terminating.metadata.deletionGracePeriodSeconds).toBeUndefined();
    expect(await cluster.remove(`${namespaces}/-/x`)).toEqual(terminating);
    expect(await refusal(cluster.create('v1/configmaps/x', configMap('a')))).toMatchObject({
      code: 403,
      reason: 'Forbidden',
      message:
        'configmaps "a" is forbidden: unable to create new content in namespace x because it is being terminated',
      details: {
        name: 'a',
        kind: 'configmaps',
        causes: [
          { reason: 'NamespaceTerminating', message: 'namespace x is being terminated', field: 'metadata.namespace' },
        ],
      },
    });
    const generated = { ...configMap(''), metadata: { generateName: 'a-' } };
    expect(await refusalText(cluster.create('v1/configmaps/x', generated))).toContain('configmaps "a-" is forbidden');
    await cluster.patch('v1/configmaps/x/old', 'merge', { data: { still: 'changes' } });
    // Only finalize takes the finalizer away.
    const kept = await cluster.update(`${namespaces}/-/x`, { ...terminating, spec: { finalizers: [] } });
    expect(kept.spec).toEqual({ finalizers: ['kubernetes'] });
    await cluster.update(`${namespaces}/-/x/finalize`, { ...kept, spec: { finalizers: [] } });
    expect((await refusal(cluster.get(`${namespaces}/-/x`))).reason).toBe('NotFound');
  });

  it('wait for finalizers of others, too', async () => {
    await cluster.create(namespaces, { ...namespace('x'), metadata: { name: 'x', finalizers: ['example.com/y'] } });
    const terminating = await cluster.remove(`${namespaces}/-/x`);
    await cluster.update(`${namespaces}/-/x/finalize`, { ...terminating, spec: { finalizers: [] } });
    expect((await cluster.get(`${namespaces}/-/x`)).metadata.finalizers).toEqual(['example.com/y']);
    await cluster.patch(`${namespaces}/-/x`, 'merge', { metadata: { finalizers: null } });
    expect((await refusal(cluster.get(`${namespaces}/-/x`))).reason).toBe('NotFound');
  });

  it.each(['default', 'kube-system', 'kube-public'])('%s may not be deleted', async (name) => {
    expect(await refusalText(cluster.remove(`${namespaces}/-/${name}`))).toBe(
      `403 Forbidden: namespaces "${name}" is forbidden: this namespace may not be deleted`,
    );
  });

  it('have no deletecollection', async () => {
    expect((await refusal(cluster.request('deletecollection', namespaces, { body: {} }))).code).toBe(405);
  });
});

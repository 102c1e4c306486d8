import { beforeEach, describe, expect, it } from 'vitest';
import { type Cluster, configMap, pod, refusal, refusalText, startCluster } from '../../serve.cases.ts';

const maps = 'v1/configmaps/default';
const pods = 'v1/pods/default';

describe('delete', () => {
  let cluster: Cluster;
  beforeEach(async () => {
    cluster = await startCluster();
  });

  it('answers a Status that says what went', async () => {
    const { metadata } = await cluster.create(maps, configMap('a'));
    expect(await cluster.remove(`${maps}/a`)).toMatchObject({
      kind: 'Status',
      status: 'Success',
      details: { name: 'a', kind: 'configmaps', uid: metadata.uid },
    });
    expect((await refusal(cluster.remove(`${maps}/a`))).reason).toBe('NotFound');
  });

  it('answers the object of kinds that kube-apiserver answers', async () => {
    await cluster.create(pods, pod('a'));
    expect(await cluster.remove(`${pods}/a`)).toMatchObject({ kind: 'Pod', metadata: { name: 'a' } });
  });

  it('ends a terminating object with its last finalizer, and takes no new ones', async () => {
    const metadata = { name: 'a', finalizers: ['example.com/x', 'example.com/y'] };
    await cluster.create(maps, { ...configMap('a'), metadata });
    const answer = await cluster.request('delete', `${maps}/a`, { body: {} });
    expect(answer).toMatchObject({
      code: 200,
      object: { metadata: { deletionTimestamp: '2026-01-01T00:00:00Z', deletionGracePeriodSeconds: 0 } },
    });
    const finalizers = (list: string[]) => cluster.patch(`${maps}/a`, 'merge', { metadata: { finalizers: list } });
    expect(await refusalText(finalizers(['example.com/x', 'example.com/y', 'example.com/z']))).toBe(
      '422 Invalid: ConfigMap "a" is invalid: metadata.finalizers: Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers []string{"example.com/z"}',
    );
    await finalizers(['example.com/y']);
    expect((await cluster.get(`${maps}/a`)).metadata.finalizers).toEqual(['example.com/y']);
    const watching = await cluster.watch(maps);
    await finalizers([]);
    await cluster.clock.settle();
    expect(watching.seen()).toEqual(['ADDED a', 'DELETED a']);
    expect((await refusal(cluster.get(`${maps}/a`))).reason).toBe('NotFound');
  });

  it('answers 202 when dependents are asked for in the old way and it is not gone yet', async () => {
    await cluster.create(maps, configMap('a'));
    const answer = await cluster.request('delete', `${maps}/a`, { body: { propagationPolicy: 'Foreground' } });
    expect(answer).toMatchObject({ code: 200, object: { metadata: { finalizers: ['foregroundDeletion'] } } });
    await cluster.create(maps, { ...configMap('b'), metadata: { name: 'b', finalizers: ['example.com/x'] } });
    const old = await cluster.request('delete', `${maps}/b`, { body: { orphanDependents: false } });
    expect(old.code).toBe(202);
  });

  it('holds to preconditions', async () => {
    const { metadata } = await cluster.create(maps, configMap('a'));
    expect(await refusalText(cluster.remove(`${maps}/a`, { preconditions: { uid: 'other' } }))).toBe(
      `409 Conflict: Operation cannot be fulfilled on ConfigMap "a": the UID in the precondition (other) does not match the UID in record (${metadata.uid}). The object might have been deleted and then recreated`,
    );
    expect(await refusalText(cluster.remove(`${maps}/a`, { preconditions: { resourceVersion: '1' } }))).toBe(
      `409 Conflict: Operation cannot be fulfilled on ConfigMap "a": the ResourceVersion in the precondition (1) does not match the ResourceVersion in record (${metadata.resourceVersion}). The object might have been modified`,
    );
    await cluster.remove(`${maps}/a`, {
      preconditions: { uid: metadata.uid, resourceVersion: metadata.resourceVersion },
    });
  });

  it('refuses options that contradict each other', async () => {
    await cluster.create(maps, configMap('a'));
    expect(
      (await refusal(cluster.remove(`${maps}/a`, { orphanDependents: true, propagationPolicy: 'Orphan' }))).message,
    ).toContain(
      'DeleteOptions.meta.k8s.io "" is invalid: propagationPolicy: Invalid value: "Orphan": orphanDependents and deletionPropagation cannot be both set',
    );
    expect((await refusal(cluster.remove(`${maps}/a`, { propagationPolicy: 'Never' as 'Orphan' }))).message).toContain(
      'propagationPolicy: Unsupported value: "Never": supported values: "Foreground", "Background", "Orphan", "nil"',
    );
  });

  it('does nothing on a dry run', async () => {
    const created = await cluster.create(maps, configMap('a'));
    await cluster.remove(`${maps}/a`, { dryRun: ['All'] });
    await cluster.request('delete', `${maps}/a`, { body: {}, options: { dryRun: true } });
    await cluster.remove(`${maps}/a`, { dryRun: ['All'], propagationPolicy: 'Foreground' });
    expect(await cluster.get(`${maps}/a`)).toEqual(created);
  });

  it('gives a running Pod its time', async () => {
    await cluster.create(pods, pod('a', { nodeName: 'n' }));
    expect((await cluster.remove(`${pods}/a`)).metadata).toMatchObject({
      deletionTimestamp: '2026-01-01T00:00:30Z',
      deletionGracePeriodSeconds: 30,
    });
    await cluster.remove(`${pods}/a`, { gracePeriodSeconds: 0 });
    expect((await refusal(cluster.get(`${pods}/a`))).reason).toBe('NotFound');
  });

  it('deletes what a selector matches, in one namespace', async () => {
    const labelled = (name: string, app: string) => ({ ...configMap(name), metadata: { name, labels: { app } } });
    for (const name of ['a', 'b']) await cluster.create(maps, labelled(name, 'x'));
    await cluster.create(maps, labelled('c', 'y'));
    await cluster.create('v1/configmaps/kube-system', labelled('d', 'x'));
    const answer = await cluster.request('deletecollection', maps, { body: {}, options: { labelSelector: 'app=x' } });
    expect(answer.object).toMatchObject({
      kind: 'ConfigMapList',
      items: [{ metadata: { name: 'a' } }, { metadata: { name: 'b' } }],
    });
    expect((await cluster.list('v1/configmaps')).items.map(({ metadata }) => metadata.name)).toEqual(['c', 'd']);
  });
});

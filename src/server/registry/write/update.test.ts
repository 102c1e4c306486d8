import { beforeEach, describe, expect, it } from 'vitest';
import {
  type Cluster,
  configMap,
  deployment,
  refusal,
  refusalText,
  startCluster,
  widget,
  widgetDefinition,
} from '../../serve.cases.ts';

const maps = 'v1/configmaps/default';
const deployments = 'apps/v1/deployments/default';

describe('update', () => {
  let cluster: Cluster;
  beforeEach(async () => {
    cluster = await startCluster();
  });

  it('replaces what is stored and gives it a new version', async () => {
    const created = await cluster.create(maps, configMap('a', { key: 'old' }));
    const updated = await cluster.update(`${maps}/a`, { ...created, data: { key: 'new' } });
    expect(updated.data).toEqual({ key: 'new' });
    expect(Number(updated.metadata.resourceVersion)).toBeGreaterThan(Number(created.metadata.resourceVersion));
    expect(updated.metadata).toMatchObject({
      uid: created.metadata.uid,
      creationTimestamp: created.metadata.creationTimestamp,
    });
  });

  it('refuses a version that is not the newest', async () => {
    const created = await cluster.create(maps, configMap('a'));
    await cluster.update(`${maps}/a`, { ...created, data: { a: '1' } });
    expect(await refusal(cluster.update(`${maps}/a`, { ...created, data: { b: '2' } }))).toMatchObject({
      code: 409,
      reason: 'Conflict',
      message:
        'Operation cannot be fulfilled on configmaps "a": the object has been modified; please apply your changes to the latest version and try again',
    });
  });

  it('overwrites without a version where that is allowed', async () => {
    await cluster.create(maps, configMap('a', { a: '1' }));
    expect((await cluster.update(`${maps}/a`, configMap('a', { b: '2' }))).data).toEqual({ b: '2' });
    await cluster.create('apiextensions.k8s.io/v1/customresourcedefinitions', widgetDefinition());
    await cluster.create('example.com/v1/widgets/default', widget('a'));
    expect(await refusalText(cluster.update('example.com/v1/widgets/default/a', widget('a', { size: 1 })))).toBe(
      '422 Invalid: widgets.example.com "a" is invalid: metadata.resourceVersion: Invalid value: 0: must be specified for an update',
    );
  });

  it('refuses another object of the same name', async () => {
    const { metadata, ...rest } = await cluster.create(maps, configMap('a'));
    const status = await refusal(cluster.update(`${maps}/a`, { ...rest, metadata: { name: 'a', uid: 'other' } }));
    expect(status.code).toBe(409);
    expect(status.message).toBe(
      'Operation cannot be fulfilled on configmaps "a": StorageError: invalid object, Code: 4, Key: /registry/configmaps/default/a, ' +
        `ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: UID in precondition: other, UID in object meta: ${metadata.uid}`,
    );
  });

  it('refuses names and namespaces the path does not have', async () => {
    await cluster.create(maps, configMap('a'));
    expect(await refusalText(cluster.update(`${maps}/a`, configMap('b')))).toBe(
      '400 BadRequest: the name of the object (b) does not match the name on the URL (a)',
    );
    expect(await refusalText(cluster.update(`${maps}/a`, { ...configMap('a'), metadata: {} }))).toBe(
      '400 BadRequest: the name of the object (a based on URL) was undeterminable: name must be provided',
    );
    const elsewhere = { ...configMap('a'), metadata: { name: 'a', namespace: 'kube-system' } };
    expect(await refusalText(cluster.update(`${maps}/a`, elsewhere))).toBe(
      '400 BadRequest: the namespace of the provided object does not match the namespace sent on the request',
    );
    expect(await refusalText(cluster.update(`${maps}/z`, configMap('z')))).toBe(
      '404 NotFound: configmaps "z" not found',
    );
  });

  it('creates by PUT what may be created so', async () => {
    const lease = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: { name: 'a' }, spec: {} };
    const answer = await cluster.request('update', 'coordination.k8s.io/v1/leases/default/a', { body: lease });
    expect(answer.code).toBe(201);
  });

  it('writes nothing when nothing changes', async () => {
    const created = await cluster.create(deployments, deployment('a'));
    const revision = cluster.store.revision();
    await cluster.clock.advance(60_000);
    const again = await cluster.update(`${deployments}/a`, created);
    expect(again).toEqual(created);
    const applied = await cluster.update(`${deployments}/a`, { ...deployment('a') });
    expect(applied.metadata.resourceVersion).toBe(created.metadata.resourceVersion);
    expect(cluster.store.revision()).toBe(revision);
  });

  it('counts generations by the spec, not by labels or status', async () => {
    const created = await cluster.create(deployments, deployment('a'));
    expect(created.metadata.generation).toBe(1);
    const labelled = await cluster.update(`${deployments}/a`, {
      ...created,
      metadata: { ...created.metadata, labels: { a: 'b' } },
    });
    expect(labelled.metadata.generation).toBe(1);
    const scaled = await cluster.update(`${deployments}/a`, {
      ...labelled,
      spec: { ...(labelled.spec as object), replicas: 4 },
    });
    expect(scaled.metadata.generation).toBe(2);
    const said = await cluster.patch(`${deployments}/a/status`, 'merge', { status: { replicas: 4 } });
    expect(said.metadata.generation).toBe(2);
    // Deployments count annotations, too, as kube-apiserver does.
    const annotated = await cluster.patch(`${deployments}/a`, 'merge', { metadata: { annotations: { a: 'b' } } });
    expect(annotated.metadata.generation).toBe(3);
    const forged = await cluster.patch(`${deployments}/a`, 'merge', { metadata: { generation: 99 } });
    expect(forged.metadata.generation).toBe(3);
  });

  it('does not let a PUT change status, nor the times of its life', async () => {
    const created = await cluster.create(deployments, deployment('a'));
    const updated = await cluster.update(`${deployments}/a`, { ...created, status: { replicas: 7 } });
    expect(updated.status).toEqual({});
    const metadata = { ...created.metadata, deletionTimestamp: '2030-01-01T00:00:00Z' };
    expect(await refusalText(cluster.update(`${deployments}/a`, { ...created, metadata }))).toBe(
      '422 Invalid: Deployment.apps "a" is invalid: metadata.deletionTimestamp: Invalid value: "2030-01-01T00:00:00Z": field is immutable',
    );
    const earlier = { ...created.metadata, creationTimestamp: '2001-01-01T00:00:00Z' };
    const older = await cluster.update(`${deployments}/a`, { ...created, metadata: earlier });
    expect(older.metadata.creationTimestamp).toBe(created.metadata.creationTimestamp);
  });

  it('stores nothing on a dry run', async () => {
    const created = await cluster.create(maps, configMap('a', { a: '1' }));
    const tried = await cluster.update(`${maps}/a`, { ...created, data: { a: '2' } }, { dryRun: true });
    expect(tried.data).toEqual({ a: '2' });
    expect(await cluster.get(`${maps}/a`)).toEqual(created);
  });

  it('does not hold an old fault against other changes of a custom resource', async () => {
    const definitions = 'apiextensions.k8s.io/v1/customresourcedefinitions';
    const schema = (maximum: number) => ({
      type: 'object',
      properties: {
        spec: { type: 'object', properties: { size: { type: 'integer', maximum }, note: { type: 'string' } } },
      },
    });
    const definition = await cluster.create(definitions, widgetDefinition(schema(10)));
    const target = 'example.com/v1/widgets/default';
    await cluster.create(target, widget('a', { size: 9 }));
    await cluster.update(`${definitions}/-/widgets.example.com`, {
      ...widgetDefinition(schema(5)),
      metadata: definition.metadata,
    });
    expect((await cluster.patch(`${target}/a`, 'merge', { spec: { note: 'x' } })).spec).toEqual({ size: 9, note: 'x' });
    expect((await refusal(cluster.patch(`${target}/a`, 'merge', { spec: { size: 8 } }))).message).toBe(
      'Widget.example.com "a" is invalid: spec.size: Invalid value: 8: spec.size in body should be less than or equal to 5',
    );
  });
});

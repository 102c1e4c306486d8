import { beforeEach, describe, expect, it } from 'vitest';
import { type Cluster, configMap, deployment, refusal, refusalText, startCluster } from '../../serve.cases.ts';

const maps = 'v1/configmaps/default';

describe('create', () => {
  let cluster: Cluster;
  beforeEach(async () => {
    cluster = await startCluster();
  });

  it('sets what the server says: uid, time, version, namespace', async () => {
    const created = await cluster.create(maps, configMap('a', { key: 'value' }));
    expect(created.metadata).toMatchObject({
      name: 'a',
      namespace: 'default',
      creationTimestamp: '2026-01-01T00:00:00Z',
      uid: expect.stringMatching(/^[0-9a-f-]{36}$/),
      resourceVersion: expect.stringMatching(/^\d+$/),
    });
    expect(created.metadata.generation).toBeUndefined();
    expect(await cluster.get(`${maps}/a`)).toEqual(created);
  });

  it('answers 201 and does not keep what a client may not choose', async () => {
    const metadata = {
      name: 'a',
      uid: 'mine',
      creationTimestamp: '2001-01-01T00:00:00Z',
      deletionTimestamp: '2001-01-01T00:00:00Z',
      deletionGracePeriodSeconds: 5,
      generation: 9,
      selfLink: '/x',
    };
    const body = { ...deployment('a'), metadata, status: { replicas: 4 } };
    const answer = await cluster.request('create', 'apps/v1/deployments/default', { body });
    expect(answer.code).toBe(201);
    const created = answer.object as { metadata: Record<string, unknown>; status: unknown };
    expect(created.metadata.uid).not.toBe('mine');
    expect(created.metadata).toMatchObject({ generation: 1, creationTimestamp: '2026-01-01T00:00:00Z' });
    expect(created.metadata).not.toHaveProperty('deletionTimestamp');
    expect(created.metadata).not.toHaveProperty('selfLink');
    expect(created.status).toEqual({});
  });

  it('refuses a second one of the same name', async () => {
    await cluster.create(maps, configMap('a'));
    expect(await refusal(cluster.create(maps, configMap('a')))).toMatchObject({
      code: 409,
      reason: 'AlreadyExists',
      message: 'configmaps "a" already exists',
      details: { name: 'a', kind: 'configmaps' },
    });
  });

  it('refuses a resourceVersion, as a plain 500', async () => {
    const body = { ...configMap('a'), metadata: { name: 'a', resourceVersion: '12' } };
    expect(await refusal(cluster.create(maps, body))).toMatchObject({
      code: 500,
      message: 'resourceVersion should not be set on objects to be created',
    });
  });

  it('refuses another namespace than the path has', async () => {
    const body = { ...configMap('a'), metadata: { name: 'a', namespace: 'kube-system' } };
    expect(await refusalText(cluster.create(maps, body))).toBe(
      '400 BadRequest: the namespace of the provided object does not match the namespace sent on the request',
    );
    expect(await refusalText(cluster.create('v1/configmaps', configMap('a')))).toBe(
      '405 MethodNotAllowed: the server does not allow this method on the requested resource',
    );
  });

  it('takes a cluster-scoped object out of the namespace it claims', async () => {
    const body = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'x', namespace: 'default' } };
    expect((await cluster.create('v1/namespaces', body)).metadata.namespace).toBeUndefined();
  });

  it('generates names, and tries again when one is taken', async () => {
    const body = { ...configMap(''), metadata: { generateName: 'a-' } };
    const names = new Set<string>();
    for (let i = 0; i < 20; i++) names.add((await cluster.create(maps, body)).metadata.name ?? '');
    expect(names.size).toBe(20);
    for (const name of names) expect(name).toMatch(/^a-[bcdfghjklmnpqrstvwxz2456789]{5}$/);
    const long = await cluster.create(maps, { ...configMap(''), metadata: { generateName: `${'x'.repeat(70)}-` } });
    expect(long.metadata.name).toMatch(/^x{58}.{5}$/);
  });

  it('gives a generated name up after eight tries', async () => {
    const stuck = { next: () => 0, uuid: () => '00000000-0000-4000-8000-000000000000' };
    const { clock } = await startCluster();
    const same = await startCluster({ world: { clock, random: stuck } });
    const body = { ...configMap(''), metadata: { generateName: 'a-' } };
    await same.create(maps, body);
    expect(await refusalText(same.create(maps, body))).toBe('409 AlreadyExists: configmaps "a-bbbbb" already exists');
  });

  it('validates names and metadata in the words of kube-apiserver', async () => {
    const withMetadata = (metadata: object) => refusal(cluster.create(maps, { ...configMap(''), metadata }));
    expect((await withMetadata({})).message).toBe(
      'ConfigMap "" is invalid: metadata.name: Required value: name or generateName is required',
    );
    expect((await withMetadata({ name: 'A' })).message).toContain(
      'ConfigMap "A" is invalid: metadata.name: Invalid value: "A": a lowercase RFC 1123 subdomain must consist of',
    );
    expect((await withMetadata({ name: 'a', labels: { 'b c': 'd' } })).details?.causes).toMatchObject([
      { reason: 'FieldValueInvalid', field: 'metadata.labels' },
    ]);
    expect((await withMetadata({ name: 'a', annotations: { big: 'x'.repeat(262_144) } })).message).toBe(
      'ConfigMap "a" is invalid: metadata.annotations: Too long: may not be more than 262144 bytes',
    );
    expect((await withMetadata({ name: 'a', finalizers: ['mine'] })).message).toContain(
      'metadata.finalizers[0]: Invalid value: "mine": name is neither a standard finalizer name nor is it fully qualified',
    );
    const owner = { apiVersion: 'v1', kind: 'Node', uid: '1', controller: true };
    const ownerReferences = [
      { ...owner, name: 'x' },
      { ...owner, name: 'y', uid: '2' },
    ];
    expect((await withMetadata({ name: 'a', ownerReferences })).message).toContain(
      'Only one reference can have Controller set to true. Found "true" in references for Node:x and Node:y',
    );
  });

  it('drops owner references that are given twice and warns', async () => {
    const owner = { apiVersion: 'v1', kind: 'Node', name: 'x', uid: '1' };
    const body = { ...configMap('a'), metadata: { name: 'a', ownerReferences: [owner, { ...owner }] } };
    const { object, warnings } = await cluster.request('create', maps, { body });
    expect(object).toMatchObject({ metadata: { ownerReferences: [owner] } });
    expect(warnings).toEqual([
      '.metadata.ownerReferences contains duplicate entries; API server dedups owner references in 1.20+, and may reject such requests as early as 1.24; please fix your requests; duplicate UID(s) observed: 1',
    ]);
  });

  it('stores nothing on a dry run, but says what would be', async () => {
    const tried = await cluster.create(maps, configMap('a'), { dryRun: true });
    expect(tried.metadata.uid).toBeDefined();
    expect(tried.metadata.resourceVersion).toBeUndefined();
    expect(await refusalText(cluster.get(`${maps}/a`))).toBe('404 NotFound: configmaps "a" not found');
    await cluster.create(maps, configMap('a'));
    expect((await refusal(cluster.create(maps, configMap('a'), { dryRun: true }))).reason).toBe('AlreadyExists');
  });

  it('knows nothing of resources nobody serves', async () => {
    expect(await refusalText(cluster.get('example.com/v1/nothings/default/x'))).toBe(
      '404 NotFound: the server could not find the requested resource',
    );
  });

  it('writes down who created what', async () => {
    const options = { fieldManager: 'me' };
    const { metadata } = await cluster.create(maps, configMap('a', { key: 'value' }), options);
    expect(metadata.managedFields).toMatchObject([
      { manager: 'me', operation: 'Update', apiVersion: 'v1', fieldsV1: { 'f:data': { 'f:key': {} } } },
    ]);
    const anonymous = await cluster.create(maps, configMap('b', { key: 'value' }));
    expect(anonymous.metadata.managedFields).toMatchObject([{ manager: 'test' }]);
  });
});

import { beforeEach, describe, expect, it } from 'vitest';
import type { AdmissionStep } from '../../admission/step.ts';
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
const specOf = (object: object) => (object as { spec: Record<string, never> }).spec as Record<string, unknown>;

describe('patch', () => {
  let cluster: Cluster;
  beforeEach(async () => {
    cluster = await startCluster();
    await cluster.create(maps, configMap('a', { one: '1', two: '2' }));
  });

  it('merges, operates, and merges strategically', async () => {
    expect((await cluster.patch(`${maps}/a`, 'merge', { data: { one: null, three: '3' } })).data).toEqual({
      two: '2',
      three: '3',
    });
    const operations = [{ op: 'replace', path: '/data/two', value: 'x' }];
    expect((await cluster.patch(`${maps}/a`, 'json', operations)).data).toEqual({ two: 'x', three: '3' });
    await cluster.create(deployments, deployment('d'));
    const patch = { spec: { template: { spec: { containers: [{ name: 'side', image: 'busybox' }] } } } };
    const patched = await cluster.patch(`${deployments}/d`, 'strategic', patch);
    const { template } = specOf(patched) as { template: { spec: { containers: { name: string; image: string }[] } } };
    expect(template.spec.containers.map(({ name, image }) => `${name}=${image}`).sort()).toEqual([
      'side=busybox',
      'web=nginx:latest',
    ]);
  });

  it('has no strategic merge for custom resources', async () => {
    await cluster.create('apiextensions.k8s.io/v1/customresourcedefinitions', widgetDefinition());
    await cluster.create('example.com/v1/widgets/default', widget('a'));
    expect(await refusalText(cluster.patch('example.com/v1/widgets/default/a', 'strategic', {}))).toBe(
      '415 UnsupportedMediaType: the body of the request was in an unknown format - accepted media types include: ' +
        'application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml',
    );
  });

  it('refuses what does not exist, is not a patch, or means another version', async () => {
    expect(await refusalText(cluster.patch(`${maps}/z`, 'merge', {}))).toBe('404 NotFound: configmaps "z" not found');
    expect(await refusalText(cluster.patch(`${maps}/a`, 'merge', [1]))).toContain(
      '400 BadRequest: error decoding patch',
    );
    expect(
      (await refusal(cluster.patch(`${maps}/a`, 'merge', { metadata: { resourceVersion: '1' }, data: { x: 'y' } })))
        .reason,
    ).toBe('Conflict');
    expect(await refusalText(cluster.patch(`${maps}/a`, 'merge', { metadata: { name: 'b' } }))).toBe(
      '400 BadRequest: the name of the object (b) does not match the name on the URL (a)',
    );
  });

  it('writes nothing when nothing changes', async () => {
    const revision = cluster.store.revision();
    await cluster.patch(`${maps}/a`, 'merge', { data: { one: '1' } });
    expect(cluster.store.revision()).toBe(revision);
  });

  it('makes the patch anew when somebody else was faster', async () => {
    let interfere = 3;
    let writes = 0;
    const slow: AdmissionStep = {
      name: 'slow',
      phase: 'validate',
      handles: ({ resource, operation }) => resource === 'configmaps' && operation === 'UPDATE',
      review: async ({ user }) => {
        if (user.name === 'other' || interfere-- <= 0) return { allowed: true };
        await racing.request('patch', `${maps}/a`, {
          user: { name: 'other', groups: [] },
          patchType: 'merge',
          body: { data: { other: String(++writes) } },
        });
        return { allowed: true };
      },
    };
    const racing = await startCluster({ admission: [slow] });
    await racing.create(maps, configMap('a'));
    const patched = await racing.patch(`${maps}/a`, 'merge', { data: { mine: '1' } });
    expect(patched.data).toEqual({ mine: '1', other: '3' });
    interfere = 5;
    expect((await refusal(racing.patch(`${maps}/a`, 'merge', { data: { mine: '2' } }))).reason).toBe('Conflict');
    interfere = 1;
    const { metadata } = await racing.get(`${maps}/a`);
    const careful = { metadata: { resourceVersion: metadata.resourceVersion }, data: { mine: '3' } };
    expect((await refusal(racing.patch(`${maps}/a`, 'merge', careful))).reason).toBe('Conflict');
  });
});

describe('apply', () => {
  let cluster: Cluster;
  beforeEach(async () => {
    cluster = await startCluster();
  });
  const mine = { fieldManager: 'me' };
  const stated = (data: Record<string, string>) => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'a' },
    data,
  });

  it('creates, then changes, then removes what is no longer stated', async () => {
    const answer = await cluster.request('patch', `${maps}/a`, {
      patchType: 'apply',
      body: stated({ one: '1', two: '2' }),
      options: mine,
    });
    expect(answer.code).toBe(201);
    expect(answer.object).toMatchObject({
      metadata: { namespace: 'default', managedFields: [{ manager: 'me', operation: 'Apply' }] },
    });
    expect((await cluster.patch(`${maps}/a`, 'apply', stated({ two: '3' }), mine)).data).toEqual({ two: '3' });
  });

  it('tells of fields others own, unless forced', async () => {
    await cluster.patch(`${maps}/a`, 'apply', stated({ one: '1' }), mine);
    const theirs = { fieldManager: 'they' };
    const status = await refusal(cluster.patch(`${maps}/a`, 'apply', stated({ one: '2' }), theirs));
    expect(status).toMatchObject({
      code: 409,
      reason: 'Conflict',
      message: 'Apply failed with 1 conflict: conflict with "me": .data.one',
      details: { causes: [{ reason: 'FieldManagerConflict', message: 'conflict with "me"', field: '.data.one' }] },
    });
    expect((await cluster.patch(`${maps}/a`, 'apply', stated({ one: '2' }), { ...theirs, force: true })).data).toEqual({
      one: '2',
    });
  });

  it('needs a field manager and an object that says what it is', async () => {
    expect(await refusalText(cluster.patch(`${maps}/a`, 'apply', stated({})))).toBe(
      '422 Invalid: PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch',
    );
    expect((await refusal(cluster.patch(`${maps}/a`, 'apply', { metadata: { name: 'a' } }, mine))).code).toBe(400);
    expect(await refusalText(cluster.patch(`${maps}/b`, 'apply', stated({}), mine))).toBe(
      '400 BadRequest: the name of the object (a) does not match the name on the URL (b)',
    );
  });

  it('writes nothing when nothing changes, and nothing on a dry run', async () => {
    await cluster.patch(`${deployments}/d`, 'apply', deployment('d'), mine);
    const revision = cluster.store.revision();
    await cluster.clock.advance(5_000);
    await cluster.patch(`${deployments}/d`, 'apply', deployment('d'), mine);
    await cluster.patch(`${deployments}/d`, 'apply', deployment('d', 5), { ...mine, dryRun: true });
    await cluster.patch(`${deployments}/e`, 'apply', deployment('e'), { ...mine, dryRun: true });
    expect(cluster.store.revision()).toBe(revision);
  });

  it('states a status through its subresource only', async () => {
    await cluster.create(deployments, deployment('d'));
    const status = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'd' }, status: { replicas: 3 } };
    const applied = await cluster.patch(`${deployments}/d/status`, 'apply', status, mine);
    expect(applied.status).toMatchObject({ replicas: 3 });
    expect(applied.metadata.managedFields?.find(({ manager }) => manager === 'me')).toMatchObject({
      subresource: 'status',
    });
  });
});

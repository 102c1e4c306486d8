import { beforeEach, describe, expect, it } from 'vitest';
import {
  type Cluster,
  configMap,
  deployment,
  pod,
  refusal,
  refusalText,
  startCluster,
  widget,
  widgetDefinition,
} from '../serve.cases.ts';

const deployments = 'apps/v1/deployments/default';
const pods = 'v1/pods/default';
const fieldsOf = (value: unknown) => value as Record<string, Record<string, unknown>>;

describe('status', () => {
  let cluster: Cluster;
  beforeEach(async () => {
    cluster = await startCluster();
  });

  it('changes the status and nothing else', async () => {
    const created = await cluster.create(deployments, deployment('a'));
    const sent = {
      ...created,
      spec: { ...(created.spec as object), replicas: 9 },
      status: { replicas: 3 },
      metadata: { ...created.metadata, labels: { a: 'b' } },
    };
    const updated = await cluster.update(`${deployments}/a/status`, sent);
    expect(updated.status).toEqual({ replicas: 3 });
    expect(fieldsOf(updated.spec).replicas).toBe(1);
    expect(updated.metadata.labels).toBeUndefined();
    expect(updated.metadata.generation).toBe(1);
    expect((await cluster.get(`${deployments}/a/status`)).status).toEqual({ replicas: 3 });
    expect(updated.metadata.managedFields).toContainEqual(
      expect.objectContaining({ manager: 'test', subresource: 'status' }),
    );
  });

  it('of custom resources exists only where it is declared', async () => {
    const definitions = 'apiextensions.k8s.io/v1/customresourcedefinitions';
    await cluster.create(definitions, widgetDefinition(undefined, { subresources: { status: {} } }));
    const target = 'example.com/v1/widgets/default';
    await cluster.create(target, { ...widget('a', { size: 1 }), status: { forged: true } });
    expect((await cluster.get(`${target}/a`)).status).toBeUndefined();
    const updated = await cluster.patch(`${target}/a/status`, 'merge', {
      status: { ready: true },
      spec: { size: 2 },
      metadata: { labels: { a: 'b' } },
    });
    expect(updated).toMatchObject({ status: { ready: true }, spec: { size: 1 } });
    expect(updated.metadata.labels).toBeUndefined();
    expect(updated.metadata.generation).toBe(1);
    const put = await cluster.update(`${target}/a`, { ...updated, status: { ready: false }, spec: { size: 3 } });
    expect(put).toMatchObject({ status: { ready: true }, spec: { size: 3 }, metadata: { generation: 2 } });
    await cluster.create('v1/configmaps/default', configMap('m'));
    expect(await refusalText(cluster.get('v1/configmaps/default/m/status'))).toBe(
      '404 NotFound: the server could not find the requested resource',
    );
  });
});

describe('scale', () => {
  let cluster: Cluster;
  beforeEach(async () => {
    cluster = await startCluster();
    await cluster.create(deployments, deployment('a', 2));
  });
  const scale = `${deployments}/a/scale`;

  it('shows replicas and selector', async () => {
    await cluster.patch(`${deployments}/a/status`, 'merge', { status: { replicas: 1 } });
    const { metadata, ...rest } = await cluster.get(scale);
    expect(rest).toEqual({
      apiVersion: 'autoscaling/v1',
      kind: 'Scale',
      spec: { replicas: 2 },
      status: { replicas: 1, selector: 'app=a' },
    });
    expect(Object.keys(metadata).sort()).toEqual(['creationTimestamp', 'name', 'namespace', 'resourceVersion', 'uid']);
  });

  it('changes replicas by PUT, by patch and by apply, and records who did', async () => {
    const seen = await cluster.get(scale);
    expect(await cluster.update(scale, { ...seen, spec: { replicas: 4 } })).toMatchObject({
      kind: 'Scale',
      spec: { replicas: 4 },
    });
    expect(await refusal(cluster.update(scale, { ...seen, spec: { replicas: 5 } }))).toMatchObject({
      reason: 'Conflict',
    });
    await cluster.patch(scale, 'merge', { spec: { replicas: 6 } }, { fieldManager: 'person' });
    const scaled = await cluster.get(`${deployments}/a`);
    expect(fieldsOf(scaled.spec).replicas).toBe(6);
    expect(scaled.metadata.generation).toBe(3);
    expect(scaled.metadata.managedFields?.find(({ manager }) => manager === 'person')).toMatchObject({
      operation: 'Update',
      apiVersion: 'apps/v1',
      subresource: 'scale',
      fieldsV1: { 'f:spec': { 'f:replicas': {} } },
    });
    const intent = { apiVersion: 'autoscaling/v1', kind: 'Scale', metadata: { name: 'a' }, spec: { replicas: 7 } };
    await cluster.patch(scale, 'apply', intent, { fieldManager: 'hpa', force: true });
    const applied = await cluster.get(`${deployments}/a`);
    expect(applied.metadata.managedFields?.find(({ manager }) => manager === 'hpa')).toMatchObject({
      operation: 'Apply',
      subresource: 'scale',
    });
    expect(await cluster.update(scale, { spec: {} }, { dryRun: true })).toMatchObject({ spec: {} });
  });

  it('refuses what is not a number of replicas', async () => {
    expect(await refusalText(cluster.patch(scale, 'merge', { spec: { replicas: -1 } }))).toBe(
      '422 Invalid: Scale.autoscaling "a" is invalid: spec.replicas: Invalid value: -1: must be greater than or equal to 0',
    );
    expect((await refusal(cluster.patch(scale, 'merge', { spec: { replicas: 'x' } }))).message).toContain(
      'json: cannot unmarshal string',
    );
    expect(await refusalText(cluster.get('apps/v1/deployments/default/z/scale'))).toBe(
      '404 NotFound: deployments.apps "z" not found',
    );
    expect((await refusal(cluster.create(scale, {}))).reason).toBe('MethodNotAllowed');
  });

  it('serves custom resources by the paths they declare', async () => {
    const paths = {
      specReplicasPath: '.spec.pool.size',
      statusReplicasPath: '.status.size',
      labelSelectorPath: '.status.selector',
    };
    const definitions = 'apiextensions.k8s.io/v1/customresourcedefinitions';
    await cluster.create(definitions, widgetDefinition(undefined, { subresources: { status: {}, scale: paths } }));
    const target = 'example.com/v1/widgets/default';
    await cluster.create(target, widget('w', { other: 1 }));
    await cluster.patch(`${target}/w/status`, 'merge', { status: { size: 2, selector: 'a=b' } });
    expect(await cluster.patch(`${target}/w/scale`, 'merge', { spec: { replicas: 3 } })).toMatchObject({
      spec: { replicas: 3 },
      status: { replicas: 2, selector: 'a=b' },
    });
    expect((await cluster.get(`${target}/w`)).spec).toEqual({ other: 1, pool: { size: 3 } });
  });
});

describe('subresources of Pods', () => {
  let cluster: Cluster;
  beforeEach(async () => {
    cluster = await startCluster();
    await cluster.create(pods, pod('a'));
  });
  const binding = (name: string, node?: string) => ({
    apiVersion: 'v1',
    kind: 'Binding',
    metadata: { name },
    target: { kind: 'Node', name: node },
  });

  it('binds a Pod to a node, once', async () => {
    const answer = await cluster.request('create', `${pods}/a/binding`, { body: binding('a', 'n1') });
    expect(answer).toMatchObject({ code: 201, object: { kind: 'Status', status: 'Success' } });
    const bound = await cluster.get(`${pods}/a`);
    expect(fieldsOf(bound.spec).nodeName).toBe('n1');
    expect(fieldsOf(bound.status).conditions).toContainEqual({
      type: 'PodScheduled',
      status: 'True',
      lastProbeTime: null,
      lastTransitionTime: '2026-01-01T00:00:00Z',
    });
    expect(await refusalText(cluster.create(`${pods}/a/binding`, binding('a', 'n2')))).toBe(
      '409 Conflict: Operation cannot be fulfilled on pods/binding "a": pod a is already assigned to node "n1"',
    );
    expect(await refusalText(cluster.create(`${pods}/a/binding`, binding('a')))).toBe(
      '500 : target.name: Required value',
    );
    expect((await refusal(cluster.create(`${pods}/z/binding`, binding('z', 'n')))).reason).toBe('NotFound');
  });

  it('binds through the older resource, too', async () => {
    await cluster.create('v1/bindings/default', binding('a', 'n1'));
    expect(fieldsOf((await cluster.get(`${pods}/a`)).spec).nodeName).toBe('n1');
  });

  it('evicts', async () => {
    const eviction = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name: 'a' } };
    expect(await refusalText(cluster.create(`${pods}/a/eviction`, { ...eviction, metadata: { name: 'b' } }))).toBe(
      '400 BadRequest: name in URL does not match name in Eviction object',
    );
    expect(await cluster.create(`${pods}/a/eviction`, eviction)).toMatchObject({ kind: 'Status', status: 'Success' });
    expect((await refusal(cluster.get(`${pods}/a`))).reason).toBe('NotFound');
  });

  it('adds ephemeral containers and resizes, and changes nothing else on the way', async () => {
    const current = await cluster.get(`${pods}/a`);
    const spec = current.spec as object;
    const debug = { name: 'debug', image: 'busybox' };
    const sent = { ...current, spec: { ...spec, nodeName: 'forged', ephemeralContainers: [debug] } };
    const debugged = fieldsOf((await cluster.update(`${pods}/a/ephemeralcontainers`, sent)).spec);
    expect(debugged.ephemeralContainers).toMatchObject([debug]);
    expect(debugged.nodeName).toBeUndefined();
    const containers = [{ name: 'web', image: 'forged', resources: { limits: { cpu: '1' } } }];
    const refused = await refusalText(cluster.patch(`${pods}/a/resize`, 'strategic', { spec: { containers } }));
    expect(refused).toContain('Pod QOS Class may not change as a result of resizing');
    const small = [{ name: 'web', image: 'nginx:1.27', resources: { limits: { cpu: '500m' } } }];
    await cluster.create(pods, { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'r' }, spec: { containers: small } });
    const resized = await cluster.patch(`${pods}/r/resize`, 'strategic', { spec: { containers } });
    expect(fieldsOf(resized.spec).containers).toMatchObject([
      { image: 'nginx:1.27', resources: { limits: { cpu: '1' } } },
    ]);
  });

  it('says clearly what it has nothing to connect to', async () => {
    expect(await refusalText(cluster.get(`${pods}/a/log`))).toBe(
      '400 BadRequest: pods/log is a connection: it is reached over HTTP',
    );
    expect(await refusalText(cluster.get(`${pods}/a/nothing`))).toBe(
      '404 NotFound: the server could not find the requested resource',
    );
  });
});

describe('what is answered, not stored', () => {
  it('goes to whoever knows, or says that nobody does', async () => {
    const cluster = await startCluster({
      access: () => ({
        authorizer: {
          authorize: () => ({ allowed: true, reason: '' }),
          rulesFor: () => ({ rules: [], incomplete: false, error: '' }),
        },
        authenticate: () => ({ name: 'x', groups: [] }),
        answered: {
          'authorization.k8s.io/selfsubjectaccessreviews': ({ body }) =>
            ({ ...(body as never as object), status: { allowed: true } }) as never,
          'serviceaccounts/token': (_, parent) =>
            ({
              apiVersion: 'authentication.k8s.io/v1',
              kind: 'TokenRequest',
              metadata: { name: parent?.metadata.name },
              status: { token: 't' },
            }) as never,
        },
      }),
    });
    const review = { apiVersion: 'authorization.k8s.io/v1', kind: 'SelfSubjectAccessReview', spec: {} };
    expect(await cluster.create('authorization.k8s.io/v1/selfsubjectaccessreviews', review)).toMatchObject({
      status: { allowed: true },
    });
    expect((await refusal(cluster.create('authentication.k8s.io/v1/tokenreviews', {}))).reason).toBe('NotImplemented');
    expect((await refusal(cluster.list('authorization.k8s.io/v1/selfsubjectaccessreviews'))).reason).toBe(
      'MethodNotAllowed',
    );
    await cluster.create('v1/serviceaccounts/default', { metadata: { name: 'sa' } });
    const answer = await cluster.request('create', 'v1/serviceaccounts/default/sa/token', { body: {} });
    expect(answer).toMatchObject({ code: 201, object: { status: { token: 't' }, metadata: { name: 'sa' } } });
    expect((await refusal(cluster.create('v1/serviceaccounts/default/no/token', {}))).reason).toBe('NotFound');
  });
});

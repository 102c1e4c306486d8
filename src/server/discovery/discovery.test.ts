import { describe, expect, it } from 'vitest';
import { builtinKinds } from '#apis/kubernetes/kinds.ts';
import type { KindDefinition } from '#kube/kind/definition.ts';
import type { JsonObject } from '#kube/meta/object.ts';
import { createDiscovery } from './discovery.ts';

const custom = (group: string, version: string, resource: string): KindDefinition => ({
  ...builtinKinds().find(({ kind }) => kind === 'ConfigMap')!,
  group,
  version,
  resource,
  kind: 'Widget',
  listKind: 'WidgetList',
  singular: 'widget',
  shortNames: ['wd'],
  categories: ['all'],
});

function serving(kinds: KindDefinition[]) {
  const listeners: (() => void)[] = [];
  const discovery = createDiscovery({
    definitions: () => kinds,
    onChange: (listener) => listeners.push(listener),
  });
  const changed = () => {
    for (const listener of listeners) listener();
  };
  return {
    ...discovery,
    changed,
    body: async (path: string, accept?: string) => (await discovery.answer(path, accept))?.body as JsonObject,
  };
}

type Listed = { readonly name: string; readonly [field: string]: unknown };
const resourcesOf = (body: JsonObject) => body.resources as unknown as readonly Listed[];
const aggregatedAccept =
  'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json';

describe('discovery of built-in kinds', () => {
  const discovery = serving([...builtinKinds()]);

  it('lists groups in the order of a real server', async () => {
    const groups = (await discovery.body('/apis')).groups as unknown as readonly { readonly name: string }[];
    expect(groups.map(({ name }) => name).slice(0, 8)).toEqual([
      'apiregistration.k8s.io',
      'apps',
      'events.k8s.io',
      'authentication.k8s.io',
      'authorization.k8s.io',
      'autoscaling',
      'batch',
      'certificates.k8s.io',
    ]);
  });

  it('prefers the newest stable version of a group', async () => {
    expect(await discovery.body('/apis/autoscaling')).toMatchObject({
      kind: 'APIGroup',
      name: 'autoscaling',
      preferredVersion: { groupVersion: 'autoscaling/v2', version: 'v2' },
      versions: [{ version: 'v2' }, { version: 'v1' }],
    });
  });

  it('lists resources with their subresources', async () => {
    const apps = resourcesOf(await discovery.body('/apis/apps/v1'));
    expect(apps.map(({ name }) => name)).toEqual([
      'controllerrevisions',
      'daemonsets',
      'daemonsets/status',
      'deployments',
      'deployments/scale',
      'deployments/status',
      'replicasets',
      'replicasets/scale',
      'replicasets/status',
      'statefulsets',
      'statefulsets/scale',
      'statefulsets/status',
    ]);
    expect(apps.find(({ name }) => name === 'deployments')).toEqual({
      name: 'deployments',
      singularName: 'deployment',
      namespaced: true,
      kind: 'Deployment',
      verbs: ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'],
      shortNames: ['deploy'],
      categories: ['all'],
      storageVersionHash: '8aSe+NMegvE=',
    });
    expect(apps.find(({ name }) => name === 'deployments/scale')).toMatchObject({
      group: 'autoscaling',
      version: 'v1',
      kind: 'Scale',
    });
  });

  it('names the stored form alike for all versions of a kind', async () => {
    const hashIn = async (version: string) =>
      resourcesOf(await discovery.body(`/apis/autoscaling/${version}`))[0]!.storageVersionHash;
    expect(await hashIn('v1')).toBe(await hashIn('v2'));
    const reviews = resourcesOf(await discovery.body('/apis/authentication.k8s.io/v1'));
    expect(reviews.every((resource) => !('storageVersionHash' in resource))).toBe(true);
    expect(resourcesOf(await discovery.body('/api/v1')).find(({ name }) => name === 'pods')).toMatchObject({
      storageVersionHash: 'xPOwRZ+Yhw8=',
    });
  });

  it('answers nothing for what is not there', async () => {
    for (const path of [
      '/apis/nothing',
      '/apis/apps/v9',
      '/api/v2',
      '/apis/apps/v1/deployments',
      '/healthz',
      '/apis/v1',
    ]) {
      expect(discovery.answer(path)).toBeUndefined();
    }
  });
});

describe('aggregated discovery', () => {
  const discovery = serving([...builtinKinds()]);

  it('is given to those who prefer it, with an ETag', async () => {
    const answer = (await discovery.answer('/apis', aggregatedAccept))!;
    expect(answer.contentType).toBe('application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList');
    expect(answer.headers?.etag).toMatch(/^"[0-9A-F]{128}"$/);
    expect((await discovery.answer('/apis', aggregatedAccept))!.body).toBe(answer.body);
    expect((await discovery.body('/apis', 'application/json')).kind).toBe('APIGroupList');
    expect((await discovery.body('/apis', `application/json,${aggregatedAccept}`)).kind).toBe('APIGroupList');
  });

  it('has the core group under /api alone', async () => {
    const items = async (path: string) =>
      (await discovery.body(path, aggregatedAccept)).items as unknown as readonly { metadata: { name?: string } }[];
    expect((await items('/api')).map(({ metadata }) => metadata.name)).toEqual([undefined]);
    expect((await items('/apis')).map(({ metadata }) => metadata.name)).not.toContain(undefined);
  });

  it('nests subresources below their resource', async () => {
    const text = JSON.stringify(await discovery.body('/apis', aggregatedAccept));
    expect(text).toContain(
      '{"resource":"deployments","responseKind":{"group":"","version":"","kind":"Deployment"},"scope":"Namespaced","singularResource":"deployment"',
    );
    expect(text).toContain(
      '{"subresource":"scale","responseKind":{"group":"autoscaling","version":"v1","kind":"Scale"}',
    );
  });
});

describe('forms of discovery', () => {
  const discovery = serving([...builtinKinds()]);

  it('are YAML and protobuf, too', async () => {
    const yaml = (await discovery.answer('/apis/apps', 'application/yaml'))!;
    expect(yaml).toMatchObject({ contentType: 'application/yaml' });
    expect(yaml.body).toContain('preferredVersion:\n  groupVersion: apps/v1\n');
    const protobuf = (await discovery.answer('/api/v1', 'application/vnd.kubernetes.protobuf'))!;
    expect(protobuf.contentType).toBe('application/vnd.kubernetes.protobuf');
    expect(
      Buffer.from(protobuf.body as Uint8Array)
        .subarray(0, 25)
        .toString('latin1'),
    ).toBe('k8s\0\n\x13\n\0\x12\x0fAPIResourceList');
    const whole = (await discovery.answer('/apis', aggregatedAccept.replace('json', 'vnd.kubernetes.protobuf')))!;
    expect(whole.contentType).toContain('protobuf;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList');
  });

  it('are refused where nothing fits, as a form that is not served any more', () => {
    const old = 'application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList';
    expect(() => discovery.answer('/apis', old)).toThrow(/^only the following media types are accepted: /);
    expect(() => discovery.answer('/apis/apps/v1', aggregatedAccept.split(',')[0])).toThrow(/media types/);
  });
});

describe('discovery of kinds that come and go', () => {
  it('follows changes, and orders versions by stability', async () => {
    const kinds = [...builtinKinds()];
    const discovery = serving(kinds);
    const before = (await discovery.answer('/apis', aggregatedAccept))!.headers?.etag;
    expect(discovery.answer('/apis/example.com')).toBeUndefined();
    kinds.push(
      custom('example.com', 'v1alpha1', 'widgets'),
      custom('example.com', 'v1', 'widgets'),
      custom('example.com', 'v1beta2', 'widgets'),
    );
    discovery.changed();
    expect((await discovery.answer('/apis', aggregatedAccept))!.headers?.etag).not.toBe(before);
    const { versions } = (await discovery.body('/apis/example.com')) as unknown as {
      versions: readonly { version: string }[];
    };
    expect(versions.map(({ version }) => version)).toEqual(['v1', 'v1beta2', 'v1alpha1']);
    expect(discovery.paths()).toContain('/apis/example.com/v1beta2');
  });

  it('hashes custom kinds as a real server does', async () => {
    const kinds = [{ ...custom('work.karmada.io', 'v1alpha2', 'resourcebindings'), kind: 'ResourceBinding' }];
    expect(resourcesOf(await serving(kinds).body('/apis/work.karmada.io/v1alpha2'))[0]).toMatchObject({
      storageVersionHash: 'fPPkkYIfet0=',
    });
  });
});

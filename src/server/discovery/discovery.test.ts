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

function serving(kinds: KindDefinition[], connects?: () => boolean) {
  const listeners: (() => void)[] = [];
  const discovery = createDiscovery({
    definitions: () => kinds,
    onChange: (listener) => listeners.push(listener),
    ...(connects ? { connects } : {}),
  });
  const changed = () => {
    for (const listener of listeners) listener();
  };
  return {
    ...discovery,
    changed,
    body: (path: string, accept?: string) => discovery.answer(path, accept)?.body as JsonObject,
  };
}

type Listed = { readonly name: string; readonly [field: string]: unknown };
const resourcesOf = (body: JsonObject) => body.resources as unknown as readonly Listed[];
const aggregatedAccept =
  'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json';

describe('discovery of built-in kinds', () => {
  const discovery = serving([...builtinKinds()], () => true);

  it('lists groups in the order of a real server', () => {
    const groups = discovery.body('/apis').groups as unknown as readonly { readonly name: string }[];
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

  it('prefers the newest stable version of a group', () => {
    expect(discovery.body('/apis/autoscaling')).toMatchObject({
      kind: 'APIGroup',
      name: 'autoscaling',
      preferredVersion: { groupVersion: 'autoscaling/v2', version: 'v2' },
      versions: [{ version: 'v2' }, { version: 'v1' }],
    });
  });

  it('lists resources with their subresources', () => {
    const apps = resourcesOf(discovery.body('/apis/apps/v1'));
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

  it('names the stored form alike for all versions of a kind', () => {
    const hashIn = (version: string) =>
      resourcesOf(discovery.body(`/apis/autoscaling/${version}`))[0]!.storageVersionHash;
    expect(hashIn('v1')).toBe(hashIn('v2'));
    const reviews = resourcesOf(discovery.body('/apis/authentication.k8s.io/v1'));
    expect(reviews.every((resource) => !('storageVersionHash' in resource))).toBe(true);
    expect(resourcesOf(discovery.body('/api/v1')).find(({ name }) => name === 'pods')).toMatchObject({
      storageVersionHash: 'xPOwRZ+Yhw8=',
    });
  });

  it('shows what connects only where something is connected', () => {
    const named = (body: JsonObject) => resourcesOf(body).map(({ name }) => name);
    expect(named(discovery.body('/api/v1'))).toContain('pods/exec');
    expect(named(serving([...builtinKinds()]).body('/api/v1'))).not.toContain('pods/exec');
    expect(named(serving([...builtinKinds()]).body('/api/v1'))).toContain('pods/eviction');
  });

  it('answers nothing for what is not there', () => {
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

  it('is given to those who prefer it, with an ETag', () => {
    const answer = discovery.answer('/apis', aggregatedAccept)!;
    expect(answer.contentType).toBe('application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList');
    expect(answer.headers?.etag).toMatch(/^"[0-9A-F]{64}"$/);
    expect(discovery.answer('/apis', aggregatedAccept)).toBe(answer);
    expect(discovery.body('/apis', 'application/json').kind).toBe('APIGroupList');
    expect(discovery.body('/apis', `application/json,${aggregatedAccept}`).kind).toBe('APIGroupList');
  });

  it('has the core group under /api alone', () => {
    const items = (path: string) =>
      discovery.body(path, aggregatedAccept).items as unknown as readonly { metadata: { name?: string } }[];
    expect(items('/api').map(({ metadata }) => metadata.name)).toEqual([undefined]);
    expect(items('/apis').map(({ metadata }) => metadata.name)).not.toContain(undefined);
  });

  it('nests subresources below their resource', () => {
    const text = JSON.stringify(discovery.body('/apis', aggregatedAccept));
    expect(text).toContain(
      '{"resource":"deployments","responseKind":{"group":"apps","version":"v1","kind":"Deployment"},"scope":"Namespaced","singularResource":"deployment"',
    );
    expect(text).toContain(
      '{"subresource":"scale","responseKind":{"group":"autoscaling","version":"v1","kind":"Scale"}',
    );
  });
});

describe('discovery of kinds that come and go', () => {
  it('follows changes, and orders versions by stability', () => {
    const kinds = [...builtinKinds()];
    const discovery = serving(kinds);
    const before = discovery.answer('/apis', aggregatedAccept)!.headers?.etag;
    expect(discovery.answer('/apis/example.com')).toBeUndefined();
    kinds.push(
      custom('example.com', 'v1alpha1', 'widgets'),
      custom('example.com', 'v1', 'widgets'),
      custom('example.com', 'v1beta2', 'widgets'),
    );
    discovery.changed();
    expect(discovery.answer('/apis', aggregatedAccept)!.headers?.etag).not.toBe(before);
    const { versions } = discovery.body('/apis/example.com') as unknown as { versions: readonly { version: string }[] };
    expect(versions.map(({ version }) => version)).toEqual(['v1', 'v1beta2', 'v1alpha1']);
    expect(discovery.paths()).toContain('/apis/example.com/v1beta2');
  });

  it('hashes custom kinds as a real server does', () => {
    const kinds = [{ ...custom('work.karmada.io', 'v1alpha2', 'resourcebindings'), kind: 'ResourceBinding' }];
    expect(resourcesOf(serving(kinds).body('/apis/work.karmada.io/v1alpha2'))[0]).toMatchObject({
      storageVersionHash: 'fPPkkYIfet0=',
    });
  });
});

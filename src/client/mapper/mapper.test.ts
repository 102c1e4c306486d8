import { describe, expect, it } from 'vitest';
import type { JsonValue } from '#kube/meta/object.ts';
import { serviceUnavailable } from '#kube/status/errors.ts';
import { simulatedClock } from '#world/clock/simulated.ts';
import type { ApiClient } from '../api-client.ts';
import { restMapper } from './mapper.ts';

type Pages = Readonly<Record<string, JsonValue>>;

function serving(pages: () => Pages) {
  const asked: string[] = [];
  const raw = async (path: string) => {
    asked.push(path);
    const body = pages()[path];
    return body === undefined
      ? { code: 404, contentType: 'text/plain', body: 'nothing here' }
      : { code: 200, contentType: 'application/json', body };
  };
  const clock = simulatedClock();
  const client = { name: 'test', raw } as unknown as ApiClient;
  return { asked, clock, mapper: restMapper(client, { clock }) };
}

const resource = (name: string, kind: string, more: object = {}) => ({
  resource: name,
  singularResource: kind.toLowerCase(),
  responseKind: { group: '', version: '', kind },
  scope: 'Namespaced',
  verbs: ['get', 'list'],
  ...more,
});

const group = (name: string, versions: object[]) => ({ metadata: { name }, versions });

const aggregated: Pages = {
  '/api': {
    kind: 'APIGroupDiscoveryList',
    items: [
      group('', [
        {
          version: 'v1',
          resources: [
            resource('pods', 'Pod', {
              shortNames: ['po'],
              subresources: [{ subresource: 'status' }, { subresource: 'log' }],
            }),
            resource('nodes', 'Node', { scope: 'Cluster', shortNames: ['no'] }),
            resource('events', 'Event', { shortNames: ['ev'] }),
          ],
        },
      ]),
    ],
  },
  '/apis': {
    kind: 'APIGroupDiscoveryList',
    items: [
      group('apps', [
        { version: 'v1', resources: [resource('deployments', 'Deployment', { shortNames: ['deploy'] })] },
      ]),
      group('events.k8s.io', [{ version: 'v1', resources: [resource('events', 'Event', { shortNames: ['ev'] })] }]),
      group('autoscaling', [
        { version: 'v2', resources: [resource('hpas', 'HPA')] },
        { version: 'v1', resources: [resource('hpas', 'HPA'), resource('olds', 'Old')] },
      ]),
      group('metrics.k8s.io', [{ version: 'v1beta1', freshness: 'Stale' }]),
      group('cluster.karmada.io', [
        {
          version: 'v1alpha1',
          resources: [resource('clusters', 'Cluster', { scope: 'Cluster', singularResource: '' })],
        },
      ]),
    ],
  },
} as unknown as Pages;

const legacyResource = (name: string, kind: string, more: object = {}) => ({
  name,
  singularName: '',
  namespaced: true,
  kind,
  verbs: ['get'],
  ...more,
});

const legacy: Pages = {
  '/api': { kind: 'APIVersions', versions: ['v1'] },
  '/api/v1': {
    resources: [legacyResource('pods', 'Pod', { shortNames: ['po'] }), legacyResource('pods/status', 'Pod')],
  },
  '/apis': {
    kind: 'APIGroupList',
    groups: [
      { name: 'apps', versions: [{ groupVersion: 'apps/v1', version: 'v1' }] },
      { name: 'away.io', versions: [{ groupVersion: 'away.io/v1', version: 'v1' }] },
    ],
  },
  '/apis/apps/v1': { resources: [legacyResource('deployments', 'Deployment')] },
} as unknown as Pages;

const shown = ({ group: g, version, resource: r }: { group: string; version: string; resource: string }) =>
  `${r}.${version}.${g}`;

describe('a REST mapper', () => {
  it.each([
    ['pods', 'pods.v1.'],
    ['po', 'pods.v1.'],
    ['pod', 'pods.v1.'],
    ['Pod', 'pods.v1.'],
    ['pods.v1', 'pods.v1.'],
    ['deployments.apps', 'deployments.v1.apps'],
    ['deploy.v1.apps', 'deployments.v1.apps'],
    ['deployment.app', 'deployments.v1.apps'],
    ['ev', 'events.v1.'],
    ['events.events.k8s.io', 'events.v1.events.k8s.io'],
    ['events.v1.events.k8s.io', 'events.v1.events.k8s.io'],
    ['hpas', 'hpas.v2.autoscaling'],
    ['hpas.v1.autoscaling', 'hpas.v1.autoscaling'],
    ['olds', 'olds.v1.autoscaling'],
    ['cluster', 'clusters.v1alpha1.cluster.karmada.io'],
    ['clusters.cluster.karmada.io', 'clusters.v1alpha1.cluster.karmada.io'],
  ])('understands %s as kubectl does', async (text, expected) => {
    const { mapper } = serving(() => aggregated);
    expect(shown(await mapper.resolve(text))).toBe(expected);
  });

  it('finds kinds, in their preferred version when none is given', async () => {
    const { mapper, asked } = serving(() => aggregated);
    expect(mapper.known({ group: 'apps', kind: 'Deployment' })).toBeUndefined();
    expect(shown((await mapper.find({ group: 'autoscaling', kind: 'HPA' }))!)).toBe('hpas.v2.autoscaling');
    expect(shown(await mapper.forKind({ group: 'autoscaling', version: 'v1', kind: 'HPA' }))).toBe(
      'hpas.v1.autoscaling',
    );
    expect(mapper.known({ group: '', version: 'v1', kind: 'Pod' })).toMatchObject({
      resource: 'pods',
      namespaced: true,
      shortNames: ['po'],
      subresources: ['status', 'log'],
    });
    expect((await mapper.preferred()).map(shown)).toContain('hpas.v2.autoscaling');
    expect((await mapper.preferred()).map(shown)).not.toContain('hpas.v1.autoscaling');
    expect(await mapper.resources()).toHaveLength(9);
    expect(mapper.unavailable()).toEqual(['metrics.k8s.io/v1beta1']);
    expect(asked).toEqual(['/api', '/apis']);
  });

  it('reads legacy discovery, and lives with a group that is away', async () => {
    const { mapper } = serving(() => legacy);
    expect(await mapper.resolve('po')).toMatchObject({ resource: 'pods', singular: 'pod', subresources: ['status'] });
    expect(shown(await mapper.resolve('deployment'))).toBe('deployments.v1.apps');
    expect(mapper.unavailable()).toEqual(['away.io/v1']);
  });

  it('looks again at a miss, but not at every one, and keeps what it knew when the server is away', async () => {
    let pages = legacy;
    const { mapper, clock, asked } = serving(() => pages);
    await mapper.refresh();
    asked.length = 0;
    await expect(mapper.resolve('foos')).rejects.toThrow(`the server doesn't have a resource type "foos"`);
    expect(asked).toEqual([]);
    await clock.advance(1_000);
    await expect(mapper.forKind({ group: 'x.io', version: 'v1', kind: 'Foo' })).rejects.toThrow(
      'no matches for kind "Foo" in version "x.io/v1"',
    );
    expect(asked).toContain('/apis');
    pages = { ...legacy, '/apis/apps/v1': { resources: [legacyResource('foos', 'Foo')] } as unknown as JsonValue };
    await clock.advance(1_000);
    expect(shown(await mapper.resolve('foos'))).toBe('foos.v1.apps');
    pages = {};
    await clock.advance(1_000);
    await expect(mapper.resolve('bars')).rejects.toThrow('test does not serve /api');
    expect(mapper.known({ group: 'apps', kind: 'Foo' })).toBeDefined();
  });

  it('asks once for everybody who waits, and says why it cannot', async () => {
    const { mapper, asked } = serving(() => aggregated);
    await Promise.all([mapper.resolve('pods'), mapper.resolve('nodes'), mapper.resources()]);
    expect(asked).toEqual(['/api', '/apis']);
    const away = restMapper(
      { name: 'away', raw: () => Promise.reject(serviceUnavailable('no route')) } as unknown as ApiClient,
      { clock: simulatedClock() },
    );
    await expect(away.find({ group: '', kind: 'Pod' })).rejects.toThrow('no route');
  });
});

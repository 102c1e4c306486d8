/** What is decided without asking anybody: own APIServices, where a Service is, what is told of a user. */
import { describe, expect, it } from 'vitest';
import type { KindDefinition } from '#kube/kind/definition.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import { toldUser } from '../auth/front-proxy.ts';
import { type ApiService, withAvailability } from './api-service.ts';
import { plan } from './automanaged.ts';
import { forwardedHeaders, returnedHeaders, userHeaders } from './headers.ts';
import { aggregatedFrom } from './legacy-discovery.ts';
import { ofGroupVersion } from './openapi-part.ts';
import { resolveService } from './resolve.ts';

const now = '2030-01-01T00:00:00Z';
const kind = (group: string, version: string) =>
  ({ group, version, kind: 'Thing', resource: 'things' }) as KindDefinition;

describe('own APIServices', () => {
  const builtIn = new Set(['v1.apps']);
  const served = [kind('apps', 'v1'), kind('example.com', 'v1')];
  const found = { served, builtIn, stored: [], starting: true, now };

  it('are made for what is built in at start, and for custom groups at any time', () => {
    const { create } = plan(found);
    expect(create.map(({ metadata, spec }) => [metadata.name, metadata.labels, spec.groupPriorityMinimum])).toEqual([
      ['v1.apps', { 'kube-aggregator.kubernetes.io/automanaged': 'onstart' }, 17_800],
      ['v1.example.com', { 'kube-aggregator.kubernetes.io/automanaged': 'true' }, 1_000],
    ]);
    expect(plan({ ...found, starting: false }).create.map(({ metadata }) => metadata.name)).toEqual(['v1.example.com']);
    expect(plan({ ...found, stored: create })).toEqual({ create: [], update: [], delete: [] });
  });

  it('are put right, and go with their group', () => {
    const stored = plan(found).create;
    const [apps, example] = stored as [ApiService, ApiService];
    const changed = { ...example, spec: { ...example.spec, versionPriority: 7 } };
    expect(plan({ ...found, stored: [apps, changed] }).update).toEqual([[changed, example]]);
    expect(plan({ ...found, served: served.slice(0, 1), stored }).delete).toEqual([example]);
  });

  it('of somebody else stay theirs, whoever serves them', () => {
    const mine = { ...plan(found).create[1]!, metadata: { name: 'v1.example.com' } };
    const remote = {
      ...mine,
      status: {},
      spec: { ...mine.spec, service: { namespace: 'a', name: 'b' }, versionPriority: 7 },
    };
    expect(plan({ ...found, stored: [remote] }).update).toEqual([]);
    expect(plan({ ...found, served: [], stored: [remote] }).delete).toEqual([]);
    const local = { ...mine, status: {} };
    expect(plan({ ...found, stored: [local] }).update[0]![1].status).toEqual(mine.status);
  });

  it('keep the time of a condition while its status is the same', () => {
    const service = plan(found).create[0]!;
    const condition = { status: 'False', reason: 'A', message: 'a' } as const;
    const failed = withAvailability(service, condition, 'later');
    expect(withAvailability(failed, { ...condition, reason: 'B' }, 'last').status!.conditions![0]).toMatchObject({
      lastTransitionTime: 'later',
      reason: 'B',
    });
    expect(withAvailability(failed, condition, 'last')).toBe(failed);
  });
});

describe('a Service is reached', () => {
  const reference = { namespace: 'web', name: 'api', port: 443 };
  const service = { spec: { type: 'ClusterIP', ports: [{ name: 'https', port: 443 }] } } as unknown as KubeObject;
  const none = { slices: [], endpoints: undefined };
  const slice = (ready: boolean, name = 'https') =>
    ({
      endpoints: [{ addresses: ['10.0.0.1'], conditions: { ready } }],
      ports: [{ name, port: 8443 }],
    }) as unknown as KubeObject;

  it('at its ready endpoints', () => {
    expect(resolveService(reference, { service, slices: [slice(true), slice(true)], endpoints: undefined })).toEqual({
      addresses: [{ host: '10.0.0.1', port: 8443 }],
    });
    const endpoints = { subsets: [{ addresses: [{ ip: '10.0.0.2' }], ports: [{ name: 'https', port: 1 }] }] };
    expect(resolveService(reference, { service, slices: [], endpoints: endpoints as unknown as KubeObject })).toEqual({
      addresses: [{ host: '10.0.0.2', port: 1 }],
    });
  });

  it('at an external name', () => {
    const external = { spec: { type: 'ExternalName', externalName: 'api.example.com' } } as unknown as KubeObject;
    expect(resolveService(reference, { service: external, ...none })).toEqual({
      addresses: [{ host: 'api.example.com', port: 443 }],
    });
  });

  it("or not, in kube-aggregator's words", () => {
    const reason = (known: Parameters<typeof resolveService>[1], asked = reference) => resolveService(asked, known);
    expect(reason({ service: undefined, ...none })).toEqual({
      reason: 'ServiceNotFound',
      message: 'service/api in "web" is not present',
    });
    expect(reason({ service, ...none }, { ...reference, port: 80 })).toEqual({
      reason: 'ServicePortError',
      message: 'service/api in "web" is not listening on port 80',
    });
    expect(reason({ service, ...none })).toEqual({
      reason: 'EndpointsNotFound',
      message: 'cannot find endpointslices for service/api in "web"',
    });
    for (const slices of [[slice(false)], [slice(true, 'other')]])
      expect(reason({ service, slices, endpoints: undefined })).toEqual({
        reason: 'MissingEndpoints',
        message: 'endpointslices for service/api in "web" have no addresses with port name "https"',
      });
  });
});

describe('a user', () => {
  const user = {
    name: 'jane',
    uid: '7',
    groups: ['dev', 'system:authenticated'],
    extra: { 'example.com/Scopes': ['a', 'b'] },
  };

  it('is told to the server behind, and read there as told', () => {
    const told = userHeaders(user);
    expect(told).toEqual({
      'x-remote-user': 'jane',
      'x-remote-uid': '7',
      'x-remote-group': ['dev', 'system:authenticated'],
      'x-remote-extra-example.com%2fscopes': ['a', 'b'],
    });
    const lists = Object.fromEntries(Object.entries(told).map(([name, value]) => [name, [value].flat()]));
    expect(toldUser(lists)).toEqual({ ...user, extra: { 'example.com/scopes': ['a', 'b'] } });
    expect(toldUser({ 'x-remote-user': ['joe'] })).toEqual({ name: 'joe', groups: ['system:authenticated'] });
    expect(toldUser({ 'x-remote-group': ['system:masters'] })).toBeUndefined();
  });

  it('says nothing of that itself, and shows no credentials further', () => {
    const headers = {
      host: 'front',
      authorization: 'Bearer secret',
      connection: 'close',
      'impersonate-user': 'root',
      'x-remote-user': 'root',
      'x-remote-extra-a': 'b',
      accept: 'application/json',
      'x-forwarded-for': '10.0.0.9',
    };
    expect(
      forwardedHeaders({ headers, client: '10.0.0.1', auditId: 'id' }, { name: 'joe', groups: [] }, false),
    ).toEqual({
      accept: 'application/json',
      'x-forwarded-for': '10.0.0.9, 10.0.0.1',
      'audit-id': 'id',
      'x-remote-user': 'joe',
    });
    expect(returnedHeaders({ etag: '"a"', 'transfer-encoding': 'chunked' })).toEqual({ etag: '"a"' });
  });
});

describe('documents of another server', () => {
  it('in old form are told in the new one', () => {
    const resources = [
      { name: 'ships', singularName: 'ship', namespaced: true, kind: 'Ship', verbs: ['get'], shortNames: ['sh'] },
      { name: 'ships/scale', group: 'autoscaling', version: 'v1', kind: 'Scale', verbs: ['get'] },
    ];
    expect(aggregatedFrom('harbour', 'v1', resources)).toEqual([
      {
        resource: 'ships',
        responseKind: { group: 'harbour', version: 'v1', kind: 'Ship' },
        scope: 'Namespaced',
        singularResource: 'ship',
        verbs: ['get'],
        shortNames: ['sh'],
        subresources: [
          {
            subresource: 'scale',
            responseKind: { group: 'autoscaling', version: 'v1', kind: 'Scale' },
            verbs: ['get'],
          },
        ],
      },
    ]);
  });

  it('are cut to one group version and what it refers to', () => {
    const ref = (name: string) => ({ $ref: `#/definitions/${name}` });
    const document = {
      paths: { '/apis/a/v1/x': { get: [ref('A'), { $ref: '#/parameters/p' }] }, '/apis/b/v1/x': ref('C') },
      definitions: { A: ref('B'), B: ref('A'), C: {} },
      parameters: { p: {}, q: {} },
    };
    expect(ofGroupVersion(document, '/apis/a/v1/')).toEqual({
      paths: { '/apis/a/v1/x': document.paths['/apis/a/v1/x'] },
      definitions: { A: ref('B'), B: ref('A') },
      parameters: { p: {} },
    });
  });
});

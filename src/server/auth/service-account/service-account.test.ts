import { beforeAll, describe, expect, it } from 'vitest';
import { type BootstrapRbac, bootstrapRbac } from '#apis/kubernetes/bootstrap-rbac.ts';
import { builtinKinds } from '#apis/kubernetes/kinds.ts';
import type { JsonObject, KubeObject } from '#kube/meta/object.ts';
import type { ApiRequest, UserInfo } from '#kube/request/request.ts';
import { createSigningKeyPem } from '#world/certificates/token-signing.ts';
import { simulatedClock } from '#world/clock/simulated.ts';
import { seededRandom } from '#world/random/seeded.ts';
import { kindRegistry } from '../../registry/kinds/registry.ts';
import { storageOf } from '../../registry/storage.ts';
import { memoryStore } from '../../storage/memory.ts';
import { accessControl } from '../access.ts';

let bootstrap: BootstrapRbac;
const tokenKey = createSigningKeyPem();
beforeAll(async () => {
  bootstrap = await bootstrapRbac();
});

const root: UserInfo = { name: 'root', groups: ['system:masters', 'system:authenticated'] };

function cluster() {
  const clock = simulatedClock();
  const storage = storageOf(memoryStore({ clock, freeze: true }), 'test');
  const kinds = kindRegistry(builtinKinds());
  const world = { clock, random: seededRandom(1) };
  const open = () =>
    accessControl({ bootstrap, tokenKey, authority: 'PEM', tokens: { s3cret: { name: 'ops', groups: ['admins'] } } })({
      storage,
      kinds,
      world,
    });
  const place = (kind: string, namespace: string, name: string) => ({
    served: kinds.byKind('', 'v1', kind)!,
    namespace,
    name,
  });
  const create = (
    kind: string,
    namespace: string,
    name: string,
    more: object = {},
    annotations?: Record<string, string>,
  ) =>
    storage.create(place(kind, namespace, name), {
      apiVersion: 'v1',
      kind,
      metadata: {
        name,
        ...(namespace ? { namespace } : {}),
        uid: `uid-${name}`,
        ...(annotations ? { annotations } : {}),
      },
      ...more,
    } as KubeObject);
  const remove = (kind: string, namespace: string, name: string) => {
    const at = place(kind, namespace, name);
    storage.delete(at, storage.get(at)!);
  };
  const get = (kind: string, namespace: string, name: string) => storage.get(place(kind, namespace, name));
  return { ...open(), open, clock, create, remove, get };
}

type Cluster = ReturnType<typeof cluster>;

function requestToken({ answered }: Cluster, spec: object = {}): { token: string; expirationTimestamp: string } {
  const request: ApiRequest = {
    verb: 'create',
    path: {
      group: '',
      version: 'v1',
      resource: 'serviceaccounts',
      namespace: 'web',
      name: 'builder',
      subresource: 'token',
    },
    user: root,
    options: {},
    body: { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', metadata: {}, spec } as unknown as JsonObject,
  };
  return (
    answered!['serviceaccounts/token']!(request, undefined) as unknown as {
      status: { token: string; expirationTimestamp: string };
    }
  ).status;
}

const nameOf = ({ authenticate }: Pick<Cluster, 'authenticate'>, bearerToken: string) => {
  try {
    return authenticate({ bearerToken }).name;
  } catch (error) {
    return (error as Error).message;
  }
};

describe('requested tokens', () => {
  it('are their service account, also after a restart, until they expire', async () => {
    const server = cluster();
    server.create('ServiceAccount', 'web', 'builder');
    const { token, expirationTimestamp } = requestToken(server);
    expect(expirationTimestamp).toBe('2026-01-01T01:00:00Z');
    expect(server.authenticate({ bearerToken: token })).toEqual({
      name: 'system:serviceaccount:web:builder',
      uid: 'uid-builder',
      groups: ['system:serviceaccounts', 'system:serviceaccounts:web', 'system:authenticated'],
      extra: { 'authentication.kubernetes.io/credential-id': [expect.stringMatching(/^JTI=/)] },
    });
    expect(nameOf(server.open(), token)).toBe('system:serviceaccount:web:builder');
    // A minute of leeway for clocks that differ, as go-jose gives.
    await server.clock.advance(3_660_000);
    expect(nameOf(server, token)).toBe('system:serviceaccount:web:builder');
    await server.clock.advance(1_000);
    expect(nameOf(server, token)).toBe('Unauthorized');
  });

  it('end with their account, even when one of the same name comes after it', () => {
    const server = cluster();
    server.create('ServiceAccount', 'web', 'builder');
    const { token } = requestToken(server);
    server.remove('ServiceAccount', 'web', 'builder');
    expect(nameOf(server, token)).toBe('Unauthorized');
    server.create('ServiceAccount', 'web', 'builder', {
      metadata: { name: 'builder', namespace: 'web', uid: 'other' },
    });
    expect(nameOf(server, token)).toBe('Unauthorized');
  });

  it('end with the Pod they are bound to', () => {
    const server = cluster();
    server.create('ServiceAccount', 'web', 'builder');
    server.create('Pod', 'web', 'p', { spec: { serviceAccountName: 'builder' } });
    const { token } = requestToken(server, { boundObjectRef: { kind: 'Pod', apiVersion: 'v1', name: 'p' } });
    expect(server.authenticate({ bearerToken: token }).extra).toMatchObject({
      'authentication.kubernetes.io/pod-name': ['p'],
    });
    server.remove('Pod', 'web', 'p');
    expect(nameOf(server, token)).toBe('Unauthorized');
  });

  it('for others are not for us', () => {
    const server = cluster();
    server.create('ServiceAccount', 'web', 'builder');
    expect(nameOf(server, requestToken(server, { audiences: ['vault'] }).token)).toBe('Unauthorized');
  });

  it('are refused where they cannot be given', () => {
    const server = cluster();
    expect(() => requestToken(server)).toThrow('serviceaccounts "builder" not found');
    server.create('ServiceAccount', 'web', 'builder');
    expect(() => requestToken(server, { expirationSeconds: 60 })).toThrow(
      'TokenRequest.authentication.k8s.io "" is invalid: spec.expirationSeconds: Invalid value: 60: may not specify a duration less than 10 minutes',
    );
    expect(() => requestToken(server, { boundObjectRef: { kind: 'Pod', apiVersion: 'v1', name: 'p' } })).toThrow(
      'pods "p" not found',
    );
    expect(() => requestToken(server, { boundObjectRef: { kind: 'Service', apiVersion: 'v1', name: 'p' } })).toThrow(
      /cannot bind token/,
    );
  });

  it('tampered with are nobody', () => {
    const server = cluster();
    server.create('ServiceAccount', 'web', 'builder');
    const [header, payload, signature] = requestToken(server).token.split('.') as [string, string, string];
    const claims = Buffer.from(payload, 'base64url').toString().replace('builder', 'master!');
    const none = Buffer.from('{"alg":"none"}').toString('base64url');
    for (const forged of [
      `${header}.${Buffer.from(claims).toString('base64url')}.${signature}`,
      `${none}.${payload}.`,
      `${none}.${payload}.${signature}`,
      `${header}.${payload}.${signature}x.y`,
      'nonsense',
    ]) {
      expect(nameOf(server, forged)).toBe('Unauthorized');
    }
  });
});

describe('tokens in Secrets', () => {
  const type = 'kubernetes.io/service-account-token';
  const annotations = { 'kubernetes.io/service-account.name': 'builder' };
  const tokenIn = (secret: KubeObject | undefined) =>
    Buffer.from((secret as unknown as { data: { token: string } }).data.token, 'base64').toString();

  it('are filled in, and hold as long as the Secret', async () => {
    const server = cluster();
    server.create('ServiceAccount', 'web', 'builder');
    server.create('Secret', 'web', 'builder-token', { type }, annotations);
    await server.clock.settle();
    const secret = server.get('Secret', 'web', 'builder-token');
    expect(secret).toMatchObject({
      metadata: { annotations: { 'kubernetes.io/service-account.uid': 'uid-builder' } },
      data: { 'ca.crt': Buffer.from('PEM').toString('base64'), namespace: Buffer.from('web').toString('base64') },
    });
    expect(nameOf(server, tokenIn(secret))).toBe('system:serviceaccount:web:builder');
    server.remove('Secret', 'web', 'builder-token');
    expect(nameOf(server, tokenIn(secret))).toBe('Unauthorized');
  });

  it('go with their account', async () => {
    const server = cluster();
    server.create('ServiceAccount', 'web', 'builder');
    server.create('Secret', 'web', 'builder-token', { type }, annotations);
    server.create('Secret', 'web', 'other', { type: 'Opaque' });
    await server.clock.settle();
    server.remove('ServiceAccount', 'web', 'builder');
    await server.clock.settle();
    expect(server.get('Secret', 'web', 'builder-token')).toBeUndefined();
    expect(server.get('Secret', 'web', 'other')).toBeDefined();
  });
});

describe('authentication', () => {
  it('takes certificates, static tokens, nothing, and refuses what is wrong', () => {
    const { authenticate } = cluster();
    expect(authenticate({ certificate: { commonName: 'jane', organizations: ['dev'] } })).toEqual({
      name: 'jane',
      groups: ['dev', 'system:authenticated'],
    });
    expect(authenticate({ bearerToken: 's3cret' })).toEqual({
      name: 'ops',
      groups: ['admins', 'system:authenticated'],
    });
    expect(authenticate({})).toEqual({ name: 'system:anonymous', groups: ['system:unauthenticated'] });
    expect(() => authenticate({ bearerToken: 'wrong' })).toThrow('Unauthorized');
    expect(() => authenticate({ certificate: 'untrusted' })).toThrow('Unauthorized');
    expect(authenticate({ certificate: 'untrusted', bearerToken: 's3cret' }).name).toBe('ops');
  });
});

describe('reviews', () => {
  const ask = (server: Cluster, resource: string, spec: object, user = root, namespace?: string) => {
    const [group = ''] = resource.split('/');
    const request: ApiRequest = {
      verb: 'create',
      path: { group, version: 'v1', resource, ...(namespace ? { namespace } : {}) },
      user,
      options: {},
      body: { apiVersion: `${group}/v1`, kind: 'Review', metadata: {}, spec } as unknown as JsonObject,
    };
    return (server.answered![resource]!(request, undefined) as unknown as { status: Record<string, unknown> }).status;
  };
  const listPods = { resourceAttributes: { verb: 'list', resource: 'pods', namespace: 'web' } };

  it('tell what others and oneself may do', () => {
    const server = cluster();
    const jane: UserInfo = { name: 'jane', groups: ['system:authenticated'] };
    expect(ask(server, 'authorization.k8s.io/selfsubjectaccessreviews', listPods)).toMatchObject({ allowed: true });
    expect(ask(server, 'authorization.k8s.io/selfsubjectaccessreviews', listPods, jane)).toEqual({ allowed: false });
    expect(
      ask(server, 'authorization.k8s.io/subjectaccessreviews', { ...listPods, user: 'x', groups: ['system:masters'] }),
    ).toMatchObject({ allowed: true });
    expect(
      ask(server, 'authorization.k8s.io/subjectaccessreviews', {
        nonResourceAttributes: { verb: 'get', path: '/version' },
        user: 'x',
        groups: ['system:unauthenticated'],
      }),
    ).toMatchObject({ allowed: true });
    expect(() => ask(server, 'authorization.k8s.io/subjectaccessreviews', listPods)).toThrow(
      'at least one of user or group must be specified',
    );
    expect(() => ask(server, 'authorization.k8s.io/subjectaccessreviews', { user: 'x' })).toThrow('exactly one of');
    expect(() =>
      ask(server, 'authorization.k8s.io/localsubjectaccessreviews', { ...listPods, user: 'x' }, root, 'db'),
    ).toThrow('must match metadata.namespace');
  });

  it("list one's rules and oneself", () => {
    const server = cluster();
    expect(ask(server, 'authorization.k8s.io/selfsubjectrulesreviews', { namespace: 'web' })).toEqual({
      resourceRules: expect.arrayContaining([{ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }]),
      nonResourceRules: expect.arrayContaining([{ verbs: ['*'], nonResourceURLs: ['*'] }]),
      incomplete: false,
    });
    expect(ask(server, 'authentication.k8s.io/selfsubjectreviews', {})).toEqual({
      userInfo: { username: 'root', groups: root.groups },
    });
  });

  it('tell whose a token is', () => {
    const server = cluster();
    server.create('ServiceAccount', 'web', 'builder');
    const { token } = requestToken(server, { audiences: ['vault', 'b'] });
    const review = (spec: object) => ask(server, 'authentication.k8s.io/tokenreviews', spec);
    expect(review({ token, audiences: ['vault', 'c'] })).toMatchObject({
      authenticated: true,
      user: { username: 'system:serviceaccount:web:builder', uid: 'uid-builder' },
      audiences: ['vault'],
    });
    expect(review({ token: 'x' })).toEqual({ user: {}, error: 'invalid bearer token' });
    expect(review({ token }).error).toMatch(/^\[invalid bearer token, token audiences \["vault" "b"\] is invalid/);
    expect(() => review({})).toThrow('token is required');
  });
});

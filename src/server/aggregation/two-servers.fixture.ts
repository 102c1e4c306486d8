/** Two API servers of ours, one behind the other: what aggregation is tested on. */
import { defineKind } from '#apis/define.ts';
import { builtinKinds } from '#apis/kubernetes/kinds.ts';
import type { JsonObject, KubeObject } from '#kube/meta/object.ts';
import type { ApiRequest } from '#kube/request/request.ts';
import { int32, object, required, string } from '#kube/schema/build.ts';
import { type CertificateAuthority, createCertificateAuthority, type KeyPair } from '#world/certificates/authority.ts';
import { systemClock } from '#world/clock/system.ts';
import { type Embedded, embeddedServer } from '../embedded.fixture.ts';
import type { ApiListener } from '../http/listen.ts';

/** What only the server behind serves. */
export const Ship = defineKind({
  group: 'harbour.example.com',
  version: 'v1',
  kind: 'Ship',
  plural: 'ships',
  shortNames: ['sh'],
  scope: 'Namespaced',
  subresources: { status: true },
  schema: object({ spec: required(object({ crew: int32({ description: 'How many.' }), home: string() })) }),
});

export const admin = { name: 'admin', groups: ['system:masters', 'system:authenticated'] };

export interface TwoServers {
  readonly front: Embedded;
  readonly behind: Embedded;
  readonly frontProxy: CertificateAuthority;
  readonly client: KeyPair;
  readonly listeners: { readonly front: ApiListener; readonly behind: ApiListener };
  /** Asks the front server from within. */
  readonly write: (
    verb: ApiRequest['verb'],
    path: ApiRequest['path'],
    body?: KubeObject | JsonObject,
  ) => Promise<KubeObject>;
  readonly stop: () => Promise<void>;
}

export const apiServices = { group: 'apiregistration.k8s.io', version: 'v1', resource: 'apiservices' };
export const services = { group: '', version: 'v1', resource: 'services', namespace: 'default' };

export async function startTwoServers(): Promise<TwoServers> {
  const frontProxy = await createCertificateAuthority('front-proxy-ca', systemClock);
  const client = await frontProxy.issueClient({ user: 'front-proxy-client', groups: [] });
  const behind = await embeddedServer({
    name: 'behind',
    kinds: [...builtinKinds(), Ship],
    hosts: ['harbour.default.svc'],
    frontProxies: { ca: frontProxy.cert, allowedNames: ['front-proxy-client'] },
  });
  const front = await embeddedServer({
    name: 'front',
    kinds: builtinKinds(),
    aggregation: { clientCa: 'a client CA', frontProxyCa: frontProxy.cert, client },
  });
  const listeners = { front: await front.listen(), behind: await behind.listen() };
  const write: TwoServers['write'] = async (verb, path, body) => {
    const { object: answer } = await front.server.handler.handle({
      verb,
      path,
      user: admin,
      options: {},
      ...(body ? { body: body as KubeObject } : {}),
    });
    return answer as KubeObject;
  };
  return {
    front,
    behind,
    frontProxy,
    client,
    listeners,
    write,
    stop: async () => {
      await listeners.front.close(0);
      await listeners.behind.close(0);
      front.server.stop();
      behind.server.stop();
    },
  };
}

/** The Service that leads to the server behind: a name outside the cluster, for there is no network inside. */
export const harbourService = (): JsonObject => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'harbour' },
  spec: { type: 'ExternalName', externalName: 'localhost' },
});

export const harbourApi = (port: number, caBundle: string): JsonObject => ({
  apiVersion: 'apiregistration.k8s.io/v1',
  kind: 'APIService',
  metadata: { name: 'v1.harbour.example.com' },
  spec: {
    group: 'harbour.example.com',
    version: 'v1',
    groupPriorityMinimum: 2_000,
    versionPriority: 10,
    caBundle: Buffer.from(caBundle).toString('base64'),
    service: { name: 'harbour', namespace: 'default', port },
  },
});

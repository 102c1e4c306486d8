/** A door on a port for tests: a real TLS server in front of a handler made by the test, asked as user jane. */

import { afterAll, afterEach, beforeAll } from 'vitest';
import { builtinKind } from '#apis/kubernetes/kinds.ts';
import type { JsonObject, KubeList, KubeObject } from '#kube/meta/object.ts';
import type { ApiHandler, RawResponse } from '#kube/request/request.ts';
import { unauthorized } from '#kube/status/errors.ts';
import { type CertificateAuthority, createCertificateAuthority, type KeyPair } from '#world/certificates/authority.ts';
import { systemClock } from '#world/clock/system.ts';
import { createHttpAgent, type HttpAgent } from '#world/network/http-client.ts';
import { systemRandom } from '#world/random/system.ts';
import { createAuthenticator } from '../auth/authenticator.ts';
import { allowAll } from '../auth/authorizer.ts';
import { type ApiListener, type ApiListenOptions, listen } from './listen.ts';
import type { ServedApi } from './served.ts';

let authority: CertificateAuthority;
let server: KeyPair;
let agent: HttpAgent;
const listeners: ApiListener[] = [];

beforeAll(async () => {
  authority = await createCertificateAuthority('test-ca', systemClock);
  server = await authority.issueServer({ commonName: 'server', hosts: ['127.0.0.1'] });
  agent = createHttpAgent({ ca: authority.cert, ...(await authority.issueClient({ user: 'jane', groups: ['dev'] })) });
});
afterEach(async () => {
  for (const listener of listeners.splice(0)) await listener.close(0);
});
afterAll(() => agent.close());

export const cms = '/api/v1/namespaces/web/configmaps';
export const tableAccept = { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json' };

export const configMap = (name: string, resourceVersion = '1', data: Record<string, string> = {}): KubeObject =>
  ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'web', resourceVersion }, data }) as KubeObject;

export const listOf = (count: number): KubeList => ({
  apiVersion: 'v1',
  kind: 'ConfigMapList',
  metadata: { resourceVersion: '9' },
  items: Array.from({ length: count }, (_, index) => configMap(`cm-${index}`, `${index}`, { text: 'x'.repeat(2_000) })),
});

export const answering: ApiHandler = {
  handle: async () => ({ code: 200, object: configMap('a'), warnings: [] }),
  watch: async () => ({ stop: () => {} }),
  raw: async (): Promise<RawResponse> => ({ code: 200, contentType: 'text/plain', body: 'ok' }),
};

export interface Asked {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string | Uint8Array;
}

/** Somebody without a certificate. */
export const stranger = () => createHttpAgent({ ca: authority.cert });

const nobody = () => {
  throw unauthorized();
};

export const serving = (handler: Partial<ApiHandler>, more: Partial<ServedApi> = {}): ServedApi => ({
  name: 'test',
  handler: { ...answering, ...handler },
  authenticate: createAuthenticator(nobody),
  authorizer: allowAll,
  kind: () => builtinKind('', 'v1', 'ConfigMap'),
  durable: async () => {},
  ...more,
});

export async function serve(
  handler: Partial<ApiHandler>,
  more: Partial<ServedApi> = {},
  options: Partial<ApiListenOptions> = {},
) {
  const listener = await listen(serving(handler, more), {
    clock: systemClock,
    random: systemRandom,
    tls: { ...server, clientCa: authority.cert },
    ...options,
  });
  listeners.push(listener);
  const request = (path: string, asked: Asked = {}) => agent.request({ url: listener.url + path, ...asked });
  const json = async (path: string, asked?: Asked) =>
    JSON.parse(await (await request(path, asked)).text()) as JsonObject;
  return { request, json, listener };
}

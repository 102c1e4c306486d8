/** Who is believed to be a front proxy, on real connections. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { builtinKinds } from '#apis/kubernetes/kinds.ts';
import type { JsonObject } from '#kube/meta/object.ts';
import { type CertificateAuthority, createCertificateAuthority, type KeyPair } from '#world/certificates/authority.ts';
import { systemClock } from '#world/clock/system.ts';
import { createHttpAgent } from '#world/network/http-client.ts';
import { type Embedded, embeddedServer } from '../embedded.fixture.ts';
import type { ApiListener } from './listen.ts';

let frontProxy: CertificateAuthority;
let embedded: Embedded;
let listener: ApiListener;

beforeAll(async () => {
  frontProxy = await createCertificateAuthority('front-proxy-ca', systemClock);
  embedded = await embeddedServer({
    name: 'behind',
    kinds: builtinKinds(),
    frontProxies: { ca: frontProxy.cert, allowedNames: ['front-proxy-client'] },
  });
  listener = await embedded.listen();
});
afterAll(async () => {
  await listener.close(0);
  embedded.server.stop();
});

/** Name and groups, or the status of a refusal. */
async function whoami(pair: KeyPair | undefined, headers: Readonly<Record<string, string>>): Promise<unknown> {
  const agent = createHttpAgent({ ca: embedded.authority.cert, ...pair });
  const answer = await agent.request({
    url: `${listener.url}/apis/authentication.k8s.io/v1/selfsubjectreviews`,
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' }),
  });
  const body = JSON.parse(await answer.text()) as JsonObject;
  await agent.close();
  if (answer.status !== 201) return body.message;
  const { username, groups } = (body.status as unknown as { userInfo: { username: string; groups: string[] } })
    .userInfo;
  return [username, ...groups];
}

const told = { 'x-remote-user': 'jane', 'x-remote-group': 'dev' };
const pairOf = (authority: CertificateAuthority, user: string) => authority.issueClient({ user, groups: [] });

describe('a front proxy', () => {
  it('is believed whom it asks for', async () => {
    const pair = await pairOf(frontProxy, 'front-proxy-client');
    expect(await whoami(pair, told)).toEqual(['jane', 'dev', 'system:authenticated']);
  });

  it('must be called as agreed', async () => {
    const other = await pairOf(frontProxy, 'somebody');
    expect(await whoami(other, told)).toContain('system:anonymous');
  });

  it('is nobody by itself', async () => {
    const pair = await pairOf(frontProxy, 'front-proxy-client');
    expect(await whoami(pair, {})).toContain('system:anonymous');
  });

  it('is not whoever has a certificate of another authority, or none', async () => {
    const client = await pairOf(embedded.authority, 'front-proxy-client');
    expect(await whoami(client, told)).toEqual(['front-proxy-client', 'system:authenticated']);
    expect(await whoami(undefined, told)).toContain('system:anonymous');
  });
});

import { describe, expect, it } from 'vitest';
import type { KubeObject } from '#kube/meta/object.ts';
import { simulatedClock } from '#world/clock/simulated.ts';
import {
  type HttpAgentOptions,
  type HttpRequest,
  type HttpResponse,
  TransportError,
} from '#world/network/http-client.ts';
import { httpClient } from '../http.ts';
import type { ClusterAccess } from '../kubeconfig.ts';
import type { CredentialDoors } from './credentials.ts';

type Sent = Omit<HttpRequest, 'agent'>;
type Reply = { status?: number; headers?: HttpResponse['headers']; body?: unknown; chunks?: readonly string[] } | Error;

const pods = { group: '', version: 'v1', kind: 'Pod', resource: 'pods', namespaced: true };
const deployments = { group: 'apps', version: 'v1', kind: 'Deployment', resource: 'deployments', namespaced: true };
const pod: KubeObject = { apiVersion: 'v1', kind: 'Pod', metadata: { namespace: 'a', name: 'b' } };

/** A server whose replies are given in order; the last one stays. */
function setUp(replies: Reply[], access: Partial<ClusterAccess> = {}, doors: Partial<CredentialDoors> = {}) {
  const clock = simulatedClock();
  const sent: Sent[] = [];
  const agents: HttpAgentOptions[] = [];
  const closed: HttpAgentOptions[] = [];
  const createAgent = (options: HttpAgentOptions) => {
    agents.push(options);
    return {
      request: async (request: Sent): Promise<HttpResponse> => {
        sent.push(request);
        const reply = replies.length > 1 ? replies.shift()! : replies[0]!;
        if (reply instanceof Error) throw reply;
        const { status = 200, headers = { 'content-type': 'application/json' }, body = {}, chunks = [] } = reply;
        return {
          status,
          headers,
          text: async () => (typeof body === 'string' ? body : JSON.stringify(body)),
          stream: chunked(chunks, request.signal),
        };
      },
      close: async () => void closed.push(options),
    };
  };
  const config = { server: 'https://host:6443/prefix', ...access };
  const client = httpClient({ name: 'member1', config, clock, createAgent, userAgent: 'flotilla/v1', ...doors });
  return { clock, sent, agents, closed, client, api: client.resource<KubeObject>(pods) };
}

async function* chunked(chunks: readonly string[], signal?: AbortSignal) {
  for (const chunk of chunks) yield new TextEncoder().encode(chunk);
  if (chunks.at(-1) === '') {
    await new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason)));
  }
}

const status = (code: number, reason: string) => ({
  kind: 'Status',
  status: 'Failure',
  code,
  reason,
  message: `said ${reason}`,
});

describe('requests over HTTP', () => {
  it('have the paths, queries, types and bodies of the Kubernetes API', async () => {
    const { client, sent, api } = setUp([{ body: pod }]);
    await api.get({ namespace: 'a', name: 'b' }, { subresource: 'status' });
    await api.list({ labelSelector: 'x in (y,z)', limit: 5, continue: 'c=' });
    await api.create(pod, { dryRun: true, fieldManager: 'me', fieldValidation: 'Strict' });
    await api.create(pod, { subresource: 'binding' });
    await api.update(pod);
    await api.patch({ namespace: 'a', name: 'b' }, 'json', [{ op: 'remove', path: '/x' }]);
    await api.patch({ namespace: 'a', name: 'b' }, 'strategic', { spec: null });
    await client.resource(deployments).apply(pod, { fieldManager: 'me', force: true });
    await api.delete({ namespace: 'a', name: 'b' }, { gracePeriodSeconds: 0, preconditions: { uid: 'u' } });
    await api.deleteCollection({ namespace: 'a', labelSelector: 'x=y' });
    const root = 'https://host:6443/prefix';
    expect(sent.map(({ method, url, headers, body }) => [method, url, headers!['content-type'], body])).toEqual([
      ['GET', `${root}/api/v1/namespaces/a/pods/b/status`, undefined, undefined],
      ['GET', `${root}/api/v1/pods?labelSelector=x%20in%20(y%2Cz)&limit=5&continue=c%3D`, undefined, undefined],
      [
        'POST',
        `${root}/api/v1/namespaces/a/pods?dryRun=All&fieldManager=me&fieldValidation=Strict`,
        'application/json',
        JSON.stringify(pod),
      ],
      ['POST', `${root}/api/v1/namespaces/a/pods/b/binding`, 'application/json', JSON.stringify(pod)],
      ['PUT', `${root}/api/v1/namespaces/a/pods/b`, 'application/json', JSON.stringify(pod)],
      ['PATCH', `${root}/api/v1/namespaces/a/pods/b`, 'application/json-patch+json', '[{"op":"remove","path":"/x"}]'],
      ['PATCH', `${root}/api/v1/namespaces/a/pods/b`, 'application/strategic-merge-patch+json', '{"spec":null}'],
      [
        'PATCH',
        `${root}/apis/apps/v1/namespaces/a/deployments/b?fieldManager=me&force=true`,
        'application/apply-patch+yaml',
        JSON.stringify(pod),
      ],
      [
        'DELETE',
        `${root}/api/v1/namespaces/a/pods/b`,
        'application/json',
        '{"kind":"DeleteOptions","apiVersion":"v1","gracePeriodSeconds":0,"preconditions":{"uid":"u"}}',
      ],
      [
        'DELETE',
        `${root}/api/v1/namespaces/a/pods?labelSelector=x%3Dy`,
        'application/json',
        '{"kind":"DeleteOptions","apiVersion":"v1"}',
      ],
    ]);
    expect(sent[0]!.headers).toEqual({ accept: 'application/json', 'user-agent': 'flotilla/v1' });
  });

  it('give list items their kind, which kube-apiserver leaves out, and callers their warnings', async () => {
    const warning = '299 - "v1 is \\"old\\"", 299 - "second"';
    const { api } = setUp([
      { body: { kind: 'PodList', items: [{ metadata: { name: 'b' } }] } },
      { body: pod, headers: { warning } },
    ]);
    expect((await api.list()).items).toEqual([{ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'b' } }]);
    const warnings: string[] = [];
    await api.update(pod, { onWarning: (text) => warnings.push(text) });
    expect(warnings).toEqual(['v1 is "old"', 'second']);
  });

  it('fail with the Status the server gave, or one made of what it said instead', async () => {
    const fails = async (...replies: Reply[]) =>
      setUp(replies)
        .api.update(pod)
        .then(
          () => undefined,
          (error: { reason: string; code: number; message: string }) => [error.reason, error.code, error.message],
        );
    expect(await fails({ status: 409, body: status(409, 'Conflict') })).toEqual(['Conflict', 409, 'said Conflict']);
    expect(await fails({ status: 404, body: '404 page not found\n' })).toEqual([
      'NotFound',
      404,
      'the server answered with 404: 404 page not found',
    ]);
    expect(await fails({ status: 502, body: '' })).toEqual([undefined, 502, 'the server answered with 502']);
    expect(await fails({ body: '<html>' })).toEqual(['InternalError', 500, expect.stringContaining('not JSON')]);
    expect(await fails(new TransportError('unreachable', 'cannot reach host', undefined))).toEqual([
      'ServiceUnavailable',
      503,
      'Unable to connect to the server: cannot reach host',
    ]);
    expect((await fails(new TransportError('timeout', 'x', undefined)))![0]).toBe('Timeout');
    expect((await fails(new TransportError('untrusted', 'x', undefined)))![2]).toContain(
      'check the certificate authority',
    );
  });

  it('are sent again when a kept connection was just closing, if they only read', async () => {
    const broken = new TransportError('broken', 'reset', undefined);
    const { api, sent } = setUp([broken, { body: pod }]);
    expect(await api.get({ namespace: 'a', name: 'b' })).toEqual(pod);
    expect(sent).toHaveLength(2);
    const writing = setUp([broken, { body: pod }]);
    await expect(writing.api.update(pod)).rejects.toMatchObject({ reason: 'ServiceUnavailable' });
    expect(writing.sent).toHaveLength(1);
  });

  it('wait as long as a server that turns them away says, and give up in the end', async () => {
    const away = { status: 429, headers: { 'retry-after': '3' }, body: status(429, 'TooManyRequests') };
    const { api, clock, sent } = setUp([away, away, { body: pod }]);
    let done = false;
    const written = api.create(pod).then(() => {
      done = true;
    });
    await clock.advance(5_999);
    expect([done, sent.length]).toEqual([false, 2]);
    await clock.advance(1);
    await written;
    const never = setUp([away]);
    const failed = never.api.create(pod).catch((error: unknown) => error);
    await never.clock.advance(60_000);
    expect(await failed).toMatchObject({ reason: 'TooManyRequests', status: { details: { retryAfterSeconds: 3 } } });
    expect(never.sent).toHaveLength(6);
  });

  it('do not wait for ever for an answer, and stop when the caller does', async () => {
    const clock = simulatedClock();
    const createAgent = () => ({
      request: ({ signal }: Sent) =>
        new Promise<HttpResponse>((_, reject) => signal!.addEventListener('abort', () => reject(signal!.reason))),
      close: async () => {},
    });
    const api = httpClient({
      name: 'member1',
      config: { server: 'https://x' },
      clock,
      createAgent,
    }).resource<KubeObject>(pods);
    const late = api.update(pod).catch((error: unknown) => error);
    await clock.advance(70_000);
    expect(await late).toMatchObject({
      reason: 'Timeout',
      message: 'member1 did not answer PUT /api/v1/namespaces/a/pods/b within 70 s',
    });
    const abort = new AbortController();
    const aborted = api.update(pod, { signal: abort.signal }).catch((error: unknown) => error);
    await clock.settle();
    abort.abort(new Error('enough'));
    expect(await aborted).toMatchObject({ message: 'enough' });
  });

  it('answer raw paths with whatever came', async () => {
    const { client, sent } = setUp([
      { body: { a: 1 } },
      { status: 500, headers: { 'content-type': 'text/plain' }, body: 'not ok' },
    ]);
    expect(await client.raw('/apis', 'application/x')).toMatchObject({ code: 200, body: { a: 1 } });
    expect(sent[0]!.headers!.accept).toBe('application/x');
    expect(await client.raw('/readyz')).toEqual({ code: 500, contentType: 'text/plain', body: 'not ok' });
    client.close();
    await expect(client.raw('/readyz')).rejects.toThrow('the client for member1 is closed');
  });
});

describe('watches over HTTP', () => {
  const line = (type: string, name: string) => `${JSON.stringify({ type, object: { ...pod, metadata: { name } } })}\n`;
  const watch = async (reply: Reply, signal?: AbortSignal) => {
    const env = setUp([reply]);
    const seen: string[] = [];
    const receiver = {
      event: ({ type, object }: { type: string; object: KubeObject }) =>
        void seen.push(`${type} ${object.metadata.name}`),
      end: (error?: Error) => void seen.push(`end ${error?.message}`),
    };
    const options = {
      allowBookmarks: true,
      sendInitialEvents: true,
      resourceVersionMatch: 'NotOlderThan' as const,
      timeoutSeconds: 300,
      signal,
    };
    const handle = await env.api.watch(options, receiver);
    await env.clock.settle();
    return { ...env, seen, handle };
  };

  it('tell events as they come, cut anywhere', async () => {
    const text = line('ADDED', 'ä') + line('BOOKMARK', 'c');
    const { seen, sent, agents } = await watch({ chunks: text.split('') });
    expect(seen).toEqual(['ADDED ä', 'BOOKMARK c', 'end undefined']);
    expect(sent[0]!.url).toBe(
      'https://host:6443/prefix/api/v1/pods?resourceVersionMatch=NotOlderThan&watch=true&allowWatchBookmarks=true&sendInitialEvents=true&timeoutSeconds=300',
    );
    expect(agents.map(({ connections }) => connections)).toEqual([64, 500]);
  });

  it('end with the error the server sends, or with half an event', async () => {
    const error = JSON.stringify({ type: 'ERROR', object: status(410, 'Expired') });
    expect((await watch({ chunks: [line('ADDED', 'a'), `${error}\n`, line('ADDED', 'b')] })).seen).toEqual([
      'ADDED a',
      'end said Expired',
    ]);
    expect((await watch({ chunks: ['{"type":'] })).seen).toEqual(['end the watch broke off in the middle of an event']);
  });

  it('do not start when the server refuses', async () => {
    await expect(watch({ status: 410, body: status(410, 'Expired') })).rejects.toMatchObject({ reason: 'Expired' });
  });

  it('are silent once stopped', async () => {
    const abort = new AbortController();
    const { seen, handle, clock } = await watch({ chunks: [line('ADDED', 'a'), ''] }, abort.signal);
    handle.stop();
    abort.abort();
    await clock.settle();
    expect(seen).toEqual(['ADDED a']);
  });
});

describe('credentials', () => {
  const pem = (text: string) => ({ pem: text });
  const files = (contents: Record<string, string>) => ({ readText: async (path: string) => contents[path] });

  it('are certificates and tokens, impersonation included', async () => {
    const { api, sent, agents } = setUp([{ body: pod }], {
      certificateAuthority: pem('CA'),
      clientCertificate: pem('CERT'),
      clientKey: pem('KEY'),
      token: 'secret',
      tlsServerName: 'api',
      impersonate: { user: 'jane', groups: ['dev'], uid: 'u' },
    });
    await api.get({ name: 'b' });
    expect(agents[0]).toMatchObject({ ca: 'CA', cert: 'CERT', key: 'KEY', serverName: 'api' });
    expect(sent[0]!.headers).toMatchObject({
      authorization: 'Bearer secret',
      'impersonate-user': 'jane',
      'impersonate-uid': 'u',
      'impersonate-group': 'dev',
    });
  });

  it('are read from files, tokens again each minute and when refused', async () => {
    const contents: Record<string, string> = { '/token': 'one\n', '/ca': 'CA' };
    const disk = files(contents);
    const refused = { status: 401, body: status(401, 'Unauthorized') };
    const replies: Reply[] = [{ body: pod }, { body: pod }, refused, { body: pod }];
    const { api, sent, clock, agents } = setUp(
      replies,
      { tokenFile: '/token', certificateAuthority: { file: '/ca' } },
      { disk },
    );
    const used = async () => {
      await api.get({ name: 'b' });
      return sent.at(-1)!.headers!.authorization;
    };
    expect(await used()).toBe('Bearer one');
    contents['/token'] = 'two';
    await clock.advance(60_000);
    expect(await used()).toBe('Bearer two');
    contents['/token'] = 'three';
    expect(await used()).toBe('Bearer three');
    expect(sent).toHaveLength(4);
    expect(agents).toHaveLength(2);
  });

  it('come from a plugin, kept until they expire; a new certificate means new connections', async () => {
    const calls: unknown[] = [];
    const runCommand = async (command: string, args: readonly string[], env: Readonly<Record<string, string>>) => {
      calls.push([command, args, JSON.parse(env.KUBERNETES_EXEC_INFO!)]);
      const clientCertificateData = `CERT${calls.length}`;
      return JSON.stringify({
        kind: 'ExecCredential',
        status: { clientCertificateData, clientKeyData: 'KEY', expirationTimestamp: '2026-01-01T00:10:00Z' },
      });
    };
    const exec = {
      apiVersion: 'client.authentication.k8s.io/v1',
      command: 'login',
      args: ['a'],
      env: [],
      provideClusterInfo: true,
    };
    const { api, clock, agents, closed } = setUp([{ body: pod }], { exec }, { runCommand });
    await api.get({ name: 'b' });
    await api.get({ name: 'b' });
    expect(calls).toEqual([
      [
        'login',
        ['a'],
        {
          apiVersion: exec.apiVersion,
          kind: 'ExecCredential',
          spec: { interactive: false, cluster: { server: 'https://host:6443/prefix' } },
        },
      ],
    ]);
    await clock.advance(600_000);
    await api.get({ name: 'b' });
    expect(agents.map(({ cert }) => cert)).toEqual(['CERT1', 'CERT1', 'CERT2', 'CERT2']);
    expect(closed.map(({ cert }) => cert)).toEqual(['CERT1', 'CERT1']);
  });

  it('say what cannot be read, without showing it', async () => {
    const exec = {
      apiVersion: 'v1',
      command: 'login',
      args: [],
      env: [],
      provideClusterInfo: false,
      installHint: 'get it at x',
    };
    const fails = (access: Partial<ClusterAccess>, doors: Partial<CredentialDoors> = {}) =>
      setUp([{ body: pod }], access, doors)
        .api.get({ name: 'b' })
        .then(
          () => '',
          (error: Error) => error.message,
        );
    expect(await fails({ tokenFile: '/gone' }, { disk: files({}) })).toContain('/gone: no such file');
    expect(await fails({ tokenFile: '/x' })).toContain('may not read files');
    expect(await fails({ exec })).toContain('may not run commands');
    expect(await fails({ exec }, { runCommand: () => Promise.reject(new Error('not found')) })).toContain(
      'exec login: not found\nget it at x',
    );
    expect(await fails({ exec }, { runCommand: async () => '{"token":"hunter2"' })).toMatch(
      /did not print an ExecCredential with a status$/,
    );
    expect(await fails({ impersonate: { user: 'a', groups: ['b', 'c'] } })).toContain('more than one group');
    expect(await fails({ username: 'u', password: 'p' })).toBe('');
  });
});

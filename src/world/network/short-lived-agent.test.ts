import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCertificateAuthority } from '../certificates/authority.ts';
import { systemClock } from '../clock/system.ts';
import { createHttpAgent, TransportError } from './http-client.ts';
import { type Listener, listen } from './listen.ts';
import { createShortLivedAgent } from './short-lived-agent.ts';

let listener: Listener;
let ca: string;

beforeAll(async () => {
  const authority = await createCertificateAuthority('test', systemClock);
  ca = authority.cert;
  listener = await listen({
    tls: await authority.issueServer({ commonName: 'test', hosts: ['127.0.0.1'] }),
    onRequest: (request, response) => {
      if (request.url === '/hang') return;
      if (request.url === '/cut') {
        response.writeHead(200, { 'content-length': 100 });
        response.write('half', () => response.destroy());
        return;
      }
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        response.writeHead(request.url === '/no' ? 404 : 200, {
          'x-method': request.method ?? '',
        });
        response.end(`${request.headers.authorization ?? ''}:${Buffer.concat(chunks).toString()}`);
      });
    },
  });
});
afterAll(() => listener.close());

/** Both agents answer alike. */
describe.each([
  ['short-lived', createShortLivedAgent],
  ['long-lived', createHttpAgent],
])('the %s agent', (_name, create) => {
  it('sends and answers', async () => {
    const agent = create({ ca });
    const answer = await agent.request({
      url: `${listener.url}/yes?a=b`,
      method: 'POST',
      headers: { authorization: 'Bearer t' },
      body: 'grüße',
    });
    expect([answer.status, answer.headers['x-method'], await answer.text()]).toEqual([200, 'POST', 'Bearer t:grüße']);
    const refused = await agent.request({ url: `${listener.url}/no` });
    expect([refused.status, await refused.text()]).toEqual([404, ':']);
    await agent.close();
    await expect(agent.request({ url: `${listener.url}/yes` })).rejects.toThrow(TransportError);
  });

  it('tells failures apart', async () => {
    const agent = create({ ca });
    const reasonOf = (request: Promise<unknown>) =>
      request.then(
        () => 'none',
        (error: TransportError) => error.reason,
      );
    expect(await reasonOf(agent.request({ url: 'https://127.0.0.1:1/' }))).toBe('unreachable');
    expect(await reasonOf(create().request({ url: `${listener.url}/yes` }))).toBe('untrusted');
    expect(await reasonOf(agent.request({ url: `${listener.url}/cut` }).then((answer) => answer.text()))).toBe(
      'broken',
    );
    await agent.close();
  });

  it('throws the reason of an abort', async () => {
    const agent = create({ ca });
    const stopping = new AbortController();
    const hanging = agent.request({ url: `${listener.url}/hang`, signal: stopping.signal });
    const why = new Error('enough');
    stopping.abort(why);
    await expect(hanging).rejects.toBe(why);
    await agent.close();
  });
});

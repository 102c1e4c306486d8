/** The clients people use, connected to Pods: kubectl by WebSocket and by SPDY, and the Kubernetes JavaScript client. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { PassThrough, Readable, Writable } from 'node:stream';
import { Attach, Exec, Log, PortForward, type V1Status } from '@kubernetes/client-node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '#harness/until.ts';
import { kubectls, type PodGround, podGround } from './pods.fixture.ts';

let ground: PodGround;
beforeAll(async () => {
  ground = await podGround();
});
afterAll(() => ground.stop());

const hasKubectl = (() => {
  try {
    execFileSync('kubectl', ['version', '--client']);
    return true;
  } catch {
    return false;
  }
})();

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });

const spdy = { KUBECTL_REMOTE_COMMAND_WEBSOCKETS: 'false', KUBECTL_PORT_FORWARD_WEBSOCKETS: 'false' };
const ways = [
  { way: 'WebSocket', binary: kubectls.at(-1)!, environment: {} },
  { way: 'SPDY', binary: 'kubectl', environment: spdy },
];

describe.skipIf(!hasKubectl).each(ways)('kubectl by $way', ({ binary, environment }) => {
  const kubectl = (words: string, input?: string) =>
    ground.kubectl(binary, words, { environment, ...(input === undefined ? {} : { input }) });

  it('runs commands, with what is typed and how they end', async () => {
    expect(
      await kubectl('exec -i web -c web -- sh', 'cat /settings/a.txt; echo $NODE; echo gone >&2; exit 3\n'),
    ).toEqual({
      code: 3,
      stdout: 'from a ConfigMap\nmember1-node1\n',
      stderr: 'gone\ncommand terminated with exit code 3\n',
    });
    const large = 'x'.repeat(300_000);
    expect(await kubectl('exec -i web -c web -- cat', large)).toEqual({ code: 0, stdout: large, stderr: '' });
    const missing = await kubectl('exec web -c web -- nothing');
    expect(missing.code).toBe(1);
    expect(missing.stderr).toContain('exec: "nothing": executable file not found in $PATH');
  });

  it('copies files there and back', async () => {
    const bytes = Buffer.from(Array.from({ length: 200_000 }, (_, i) => (i * 7919) % 251));
    mkdirSync(join(ground.folder, 'there', 'inner'), { recursive: true });
    writeFileSync(join(ground.folder, 'there', 'inner', 'file'), bytes);
    expect(await kubectl('cp there web:/tmp/there -c web')).toMatchObject({ code: 0 });
    expect(await kubectl('cp web:/tmp/there back -c web')).toMatchObject({ code: 0 });
    expect(readFileSync(join(ground.folder, 'back', 'inner', 'file')).equals(bytes)).toBe(true);
  });

  it('forwards ports to what answers there, and says what does not', async () => {
    const [port, dead] = [await freePort(), await freePort()];
    const forwarding = ground.start(binary, `port-forward pod/web ${port}:80 ${dead}:81`, environment);
    let said = '';
    for (const stream of [forwarding.stdout!, forwarding.stderr!])
      stream.on('data', (piece) => (said += String(piece)));
    await until('ports are forwarded', () => said.includes(`127.0.0.1:${dead} -> 81`));
    const answers = await Promise.all(
      [1, 2, 3].map((i) => fetch(`http://127.0.0.1:${port}/path/${i}`).then((answer) => answer.text())),
    );
    for (const [i, text] of answers.entries()) expect(text).toContain(`path: /path/${i + 1}\n`);
    await expect(fetch(`http://127.0.0.1:${dead}/`)).rejects.toThrow();
    await until('it is told', () => said.includes('connect: connection refused'));
    forwarding.kill();
  });
});

describe.skipIf(!hasKubectl)('kubectl', () => {
  const kubectl = (words: string) => ground.kubectl('kubectl', words);

  it('shows logs as it is asked to', async () => {
    expect((await kubectl('logs web -c teller')).stdout).toBe('one\ntwo\n');
    expect((await kubectl('logs web -c teller --tail=1')).stdout).toBe('two\n');
    expect((await kubectl('logs web -c teller --limit-bytes=5')).stdout).toBe('one\nt');
    expect((await kubectl('logs web -c teller --timestamps')).stdout).toMatch(
      /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z one\n/,
    );
    expect((await kubectl('logs -l app=web --all-containers --prefix')).stdout).toContain('[pod/web/teller] two\n');
    expect(await kubectl('logs web -c teller --previous')).toMatchObject({
      code: 1,
      stderr: 'Error from server (BadRequest): previous terminated container "teller" in pod "web" not found\n',
    });
  });

  it('follows a log as it is told', async () => {
    const following = ground.start('kubectl', 'logs -f web -c web --tail=1');
    let said = '';
    following.stdout!.on('data', (piece) => (said += String(piece)));
    await until('the last line is shown', () => said.length > 0);
    await kubectl('get --raw /api/v1/namespaces/default/services/web:8080/proxy/seen');
    await until('a request is told', () => said.includes('"GET /seen HTTP/1.1" 200'));
    following.kill();
  });

  it('reaches Pods, Services and nodes through the API server', async () => {
    const answer = await kubectl('get --raw /api/v1/namespaces/default/pods/web:80/proxy/a/b?c=d');
    expect(JSON.parse(answer.stdout)).toMatchObject({ pod: 'web', path: '/a/b?c=d' });
    expect((await kubectl('get --raw /api/v1/namespaces/default/pods/web:81/proxy/')).stderr).toMatch(
      /^Error from server \(ServiceUnavailable\): error trying to reach service: dial tcp 10\.\S+:81: connect: connection refused\n$/,
    );
    const secure = await kubectl('get --raw /api/v1/namespaces/default/pods/https:web:8443/proxy/tls');
    expect(JSON.parse(secure.stdout)).toMatchObject({ address: expect.stringMatching(/:8443$/), path: '/tls' });
    expect((await kubectl('get --raw /api/v1/namespaces/default/pods/https:web:80/proxy/')).stderr).toContain(
      'error trying to reach service: http: server gave HTTP response to HTTPS client',
    );
    expect((await kubectl('get --raw /api/v1/nodes/member1-node1/proxy/healthz')).stdout).toBe('ok');
    expect(JSON.parse((await kubectl('get --raw /api/v1/nodes/member1-node1/proxy/pods')).stdout)).toMatchObject({
      kind: 'PodList',
    });
  });

  it('debugs with a container of its own', async () => {
    expect(await kubectl('debug web --image=busybox -c helper --profile=general')).toMatchObject({ code: 0 });
    await until('it runs', async () => (await kubectl('exec web -c helper -- hostname')).stdout === 'web\n');
  });
});

/** What is written, as text. */
function collector(): { readonly stream: Writable; readonly text: () => string } {
  const pieces: Buffer[] = [];
  const stream = new Writable({
    write: (piece: Buffer, _encoding, done) => {
      pieces.push(piece);
      done();
    },
  });
  return { stream, text: () => Buffer.concat(pieces).toString() };
}

describe('the Kubernetes JavaScript client', () => {
  it('runs a command and hears how it ended', async () => {
    const [out, errors] = [collector(), collector()];
    const status = await new Promise<V1Status>((resolve, reject) => {
      new Exec(ground.config)
        .exec(
          'default',
          'web',
          'web',
          ['sh', '-c', 'cat; exit 4'],
          out.stream,
          errors.stream,
          Readable.from(['typed\n']),
          false,
          resolve,
        )
        .catch(reject);
    });
    expect(status).toMatchObject({
      status: 'Failure',
      reason: 'NonZeroExitCode',
      details: { causes: [{ reason: 'ExitCode', message: '4' }] },
    });
    expect(out.text()).toBe('typed\n');
  });

  it('attaches, and sees what is said from then on', async () => {
    const out = collector();
    const socket = await new Attach(ground.config).attach('default', 'web', 'web', out.stream, null, null, false);
    await fetchThroughProxy('/attached');
    await until('it is said', () => out.text().includes('"GET /attached HTTP/1.1" 200'));
    socket.close();
  });

  it('reads logs', async () => {
    const stream = new PassThrough();
    let text = '';
    stream.on('data', (piece) => (text += String(piece)));
    await new Log(ground.config).log('default', 'web', 'teller', stream);
    await until('all is read', () => text === 'one\ntwo\n');
  });

  it('forwards a port by channels', async () => {
    const out = collector();
    const input = new PassThrough();
    const socket = await new PortForward(ground.config).portForward('default', 'web', [80], out.stream, null, input);
    input.write('GET /channels HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
    await until('it answers', () => out.text().includes('path: /channels'));
    expect(out.text()).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    (socket as { close: () => void }).close();
  });
});

async function fetchThroughProxy(path: string): Promise<void> {
  const { request } = await import('node:https');
  await new Promise<void>((resolve, reject) => {
    request(
      `${ground.url}/api/v1/namespaces/default/pods/web/proxy${path}`,
      { ca: ground.authority, cert: ground.admin.cert, key: ground.admin.key },
      (answer) => answer.resume().on('end', resolve),
    )
      .on('error', reject)
      .end();
  });
}

/** Clients that send slowly, send too much, or come in crowds hold nothing for long. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { type Listener, type ListenLimits, listen } from './listen.ts';

const listeners: Listener[] = [];
afterEach(async () => {
  for (const listener of listeners.splice(0)) await listener.close();
});

/** Answers once a request's body is whole. */
async function serve(limits: Partial<ListenLimits>) {
  let aborted = 0;
  const listener = await listen({
    limits,
    onRequest: (request, response) => {
      request.on('close', () => {
        if (!request.complete) aborted++;
      });
      request.on('error', () => {});
      request.resume();
      request.on('end', () => response.end('ok'));
    },
  });
  listeners.push(listener);
  const open = async (): Promise<Socket> => {
    const socket = connect(listener.port, listener.host);
    socket.on('error', () => {});
    await once(socket, 'connect');
    return socket;
  };
  return { listener, open, aborted: () => aborted };
}

/** All that comes until the other side ends. */
async function rest(socket: Socket): Promise<string> {
  let text = '';
  socket.on('data', (chunk) => (text += String(chunk)));
  await once(socket, 'close');
  return text;
}

const quick = { headersTimeoutMs: 40, requestTimeoutMs: 80, timeoutsCheckMs: 10 };

describe('a listener', () => {
  it('gives up on headers and bodies that trickle in', async () => {
    const { open, listener, aborted } = await serve(quick);
    const slow = await open();
    slow.write('GET / HTTP/1.1\r\nHost: a\r\nX-One: ');
    const trickling = await open();
    trickling.write('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nx');
    expect(await rest(slow)).toContain('408 Request Timeout');
    await rest(trickling);
    expect(aborted()).toBe(1);
    expect(await listener.connections()).toBe(0);
  });

  it('bounds request line and headers', async () => {
    const { open } = await serve({ headerBytes: 2_000 });
    for (const start of ['GET /', 'GET / HTTP/1.1\r\nHost: a\r\nX-Long: ']) {
      const socket = await open();
      socket.write(start + 'x'.repeat(4_000));
      expect(await rest(socket)).toContain('431 Request Header Fields Too Large');
    }
  });

  it('closes connections beyond its bound as they come', async () => {
    const { open, listener } = await serve({ connections: 2 });
    const kept = [await open(), await open()];
    const third = connect(listener.port, listener.host);
    third.on('error', () => {});
    await once(third, 'close');
    kept[0]!.write('GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
    expect(await rest(kept[0]!)).toContain('ok');
    const next = await open();
    next.write('GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
    expect(await rest(next)).toContain('ok');
    kept[1]!.destroy();
  });

  it('takes one request of what can be read in two ways', async () => {
    const { open } = await serve({});
    const socket = await open();
    socket.write(
      'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n',
    );
    const answered = await rest(socket);
    expect(answered).toContain('400 Bad Request');
    expect(answered.match(/HTTP\/1\.1/g)).toHaveLength(1);
  });
});

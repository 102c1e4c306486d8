/** Bytes to an API server and bytes back, as no HTTP client would send or read them: for what is malformed on purpose. */
import { connect } from 'node:tls';
import type { ClusterAccess } from '#client/kubeconfig/access.ts';
import { pemsOf } from './credentials.ts';

export interface WireAnswer {
  /** 0: the connection ended, or time was up, before a status line came. */
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What a server may take for an answer; a server that waits for more than it was sent answers nothing. */
const patienceMs = 10_000;

const headEnd = '\r\n\r\n';

function headOf(text: string): { readonly status: number; readonly headers: Record<string, string> } {
  const [statusLine = '', ...lines] = text.split('\r\n');
  const headers: Record<string, string> = {};
  for (const line of lines) {
    const colon = line.indexOf(':');
    headers[line.slice(0, colon).toLowerCase()] = line.slice(colon + 1).trim();
  }
  return { status: Number(statusLine.split(' ')[1] ?? 0), headers };
}

/** undefined until all of it has come. */
function unchunked(text: string): string | undefined {
  let body = '';
  for (let at = 0; ; ) {
    const end = text.indexOf('\r\n', at);
    if (end < 0) return undefined;
    const size = Number.parseInt(text.slice(at, end), 16);
    if (size === 0) return body;
    if (text.length < end + 2 + size + 2) return undefined;
    body += text.slice(end + 2, end + 2 + size);
    at = end + 2 + size + 2;
  }
}

/** The first answer in `text` (latin1), and what follows it; undefined until it is whole. `ended`: no more will come. */
function answerIn(text: string, ended: boolean): { readonly answer: WireAnswer; readonly rest: string } | undefined {
  const end = text.indexOf(headEnd);
  if (end < 0) return undefined;
  const { status, headers } = headOf(text.slice(0, end));
  const after = text.slice(end + headEnd.length);
  const told = (body: string, rest: string) => ({
    answer: { status, headers, body: Buffer.from(body, 'latin1').toString('utf8') },
    rest,
  });
  if (headers['transfer-encoding'] === 'chunked') {
    const body = unchunked(after);
    return body === undefined ? undefined : told(body, after.slice(after.indexOf('0\r\n\r\n') + 5));
  }
  const length = headers['content-length'];
  if (length === undefined) return ended || status === 304 ? told(after, '') : undefined;
  return after.length < Number(length) ? undefined : told(after.slice(0, Number(length)), after.slice(Number(length)));
}

/** Sends `bytes` on a connection of its own; answers the first `count` answers, or fewer when it ends before. */
export function sendBytes(access: ClusterAccess, bytes: string | Buffer, count = 1): Promise<readonly WireAnswer[]> {
  const { hostname, port } = new URL(access.server);
  return new Promise((resolve, reject) => {
    const socket = connect({
      host: hostname,
      port: Number(port),
      ...pemsOf(access),
      ALPNProtocols: ['http/1.1'],
    });
    const answers: WireAnswer[] = [];
    let text = '';
    let ended = false;
    const finish = () => {
      clearTimeout(timer);
      socket.destroy();
      const cut: WireAnswer = { status: 0, headers: {}, body: '' };
      resolve(answers.length === 0 ? [cut] : answers);
    };
    const read = () => {
      for (let found = answerIn(text, ended); found && answers.length < count; found = answerIn(text, ended)) {
        answers.push(found.answer);
        text = found.rest;
      }
      if (ended || answers.length >= count) finish();
    };
    const timer = setTimeout(finish, patienceMs);
    socket.once('secureConnect', () => socket.write(bytes));
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString('latin1');
      read();
    });
    const end = () => {
      ended = true;
      read();
    };
    socket.once('end', end);
    socket.once('close', end);
    socket.once('error', (error) => (socket.connecting ? reject(error) : end()));
  });
}

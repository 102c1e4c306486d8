/** exec and attach over SPDY: a stream for each of the process' files, told apart by their headers. */
import type { CommandConnection } from '#kube/connect/connection.ts';
import { type SpdyStream, serveSpdy } from '../spdy/connection.ts';
import { type ClientSide, idleTimeoutMs, streamCreationTimeoutMs } from './client.ts';
import { type CommandStreams, prepared, runOver } from './command.ts';
import { told } from './command-websocket.ts';
import { negotiated, switchToSpdy } from './spdy-upgrade.ts';

/** The newest first. What each can: 4 says how it ended as a Status, from 3 on terminals are resized. */
const protocols = ['v4.channel.k8s.io', 'v3.channel.k8s.io', 'v2.channel.k8s.io', 'channel.k8s.io'];
const resizing = new Set(protocols.slice(0, 2));

export async function overSpdy(client: ClientSide, connection: CommandConnection): Promise<void> {
  const run = prepared(client, connection);
  if (!run) return;
  const protocol = negotiated(client, protocols);
  const socket = protocol === undefined ? undefined : switchToSpdy(client, protocol);
  if (!socket) return;
  const wanted = ['error', ...wantedOf(connection), ...(connection.tty && resizing.has(protocol!) ? ['resize'] : [])];
  const found = new Map<string, SpdyStream>();
  let complete: (whole: boolean) => void = () => {};
  const whole = new Promise<boolean>((resolve) => {
    complete = resolve;
  });
  const spdy = serveSpdy(socket, client.clock, idleTimeoutMs, (stream) => {
    const type = stream.headers.streamtype ?? '';
    if (!wanted.includes(type) || found.has(type)) return stream.reset();
    found.set(type, stream);
    if (found.size === wanted.length) complete(true);
  });
  const expired = client.clock.after(streamCreationTimeoutMs, () => complete(false));
  void spdy.closed.then(() => complete(false));
  const all = await whole;
  expired.cancel();
  if (!all) return spdy.close();
  await runOver(run, connection.action, connection.tty, streamsOf(found, protocol === protocols[0], spdy));
}

const wantedOf = ({ stdin, stdout, stderr }: CommandConnection): readonly string[] => [
  ...(stdin ? ['stdin'] : []),
  ...(stdout ? ['stdout'] : []),
  ...(stderr ? ['stderr'] : []),
];

function streamsOf(
  found: ReadonlyMap<string, SpdyStream>,
  speaksStatus: boolean,
  spdy: ReturnType<typeof serveSpdy>,
): CommandStreams {
  const [stdin, stdout, stderr, resize] = ['stdin', 'stdout', 'stderr', 'resize'].map((type) => found.get(type));
  const error = found.get('error')!;
  return {
    ...(stdin ? { stdin: stdin.input } : {}),
    ...(stdout ? { stdout: stdout.write } : {}),
    ...(stderr ? { stderr: stderr.write } : {}),
    ...(resize ? { resize: resize.input } : {}),
    finish: async (outcome) => {
      stdout?.end();
      stderr?.end();
      const text = told(outcome, speaksStatus);
      if (text !== '') await error.write(Buffer.from(text));
      error.end();
      spdy.close();
    },
    closed: spdy.closed,
  };
}

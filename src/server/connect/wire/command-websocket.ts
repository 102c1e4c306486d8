/** exec and attach over a WebSocket: five channels, numbered as a process' files are. */
import type { CommandConnection } from '#kube/connect/connection.ts';
import { KubeletError, type RunProcess } from '#kube/connect/nodes.ts';
import { acceptWebSocket } from '#world/network/websocket.ts';
import { type Channels, channelsOver, choose, offered } from './channels.ts';
import { type ClientSide, idleTimeoutMs, listHeader, sendText } from './client.ts';
import { type CommandStreams, failed, type Outcome, prepared, runOver } from './command.ts';

const channel = { stdin: 0, stdout: 1, stderr: 2, error: 3, resize: 4 } as const;

/** Version 5 is kube-apiserver's own part; what is older it leaves to the kubelet, as do we in what is refused. */
const newest = 'v5.channel.k8s.io';
const withStatus = ['v4.channel.k8s.io', 'v4.base64.channel.k8s.io', newest];
const older = ['', 'channel.k8s.io', 'base64.channel.k8s.io', 'v4.channel.k8s.io', 'v4.base64.channel.k8s.io'];

export async function overWebSocket(client: ClientSide, connection: CommandConnection): Promise<void> {
  const protocols = offered(listHeader(client.request, 'sec-websocket-protocol'));
  const protocol = protocols.includes(newest) ? newest : choose(protocols, older);
  if (protocol === undefined) return sendText(client, 403, '');
  let run: RunProcess | undefined;
  let refusal: KubeletError | undefined;
  if (protocol === newest) {
    try {
      run = connection.prepare();
    } catch (error) {
      if (!(error instanceof KubeletError)) throw error;
      refusal = error;
    }
  } else {
    run = prepared(client, connection);
    if (!run) return;
  }
  const upgrade = client.takeOver();
  if (!upgrade) return;
  const socket = await acceptWebSocket(client.request, upgrade, protocol || undefined, idleTimeoutMs);
  const channels = channelsOver(socket, protocol, [...(connection.stdin ? [channel.stdin] : []), channel.resize]);
  const first = connection.stdout ? channel.stdout : connection.stderr ? channel.stderr : channel.error;
  await channels.write(first, new Uint8Array());
  const streams = streamsOf(channels, connection, withStatus.includes(protocol));
  if (refusal) return streams.finish(failed(`unable to upgrade connection: ${refusal.message}`));
  await runOver(run!, connection.action, connection.tty, streams);
}

function streamsOf(
  channels: Channels,
  { stdin, stdout, stderr }: CommandConnection,
  speaksStatus: boolean,
): CommandStreams {
  return {
    ...(stdin ? { stdin: channels.input(channel.stdin) } : {}),
    ...(stdout ? { stdout: (bytes) => channels.write(channel.stdout, bytes) } : {}),
    ...(stderr ? { stderr: (bytes) => channels.write(channel.stderr, bytes) } : {}),
    resize: channels.input(channel.resize),
    finish: async (outcome) => {
      const text = told(outcome, speaksStatus);
      if (text !== '') await channels.write(channel.error, Buffer.from(text));
      channels.close();
    },
    closed: channels.closed,
  };
}

/** Before version 4 an error is a sentence, and success is silence. */
export const told = (outcome: Outcome, speaksStatus: boolean): string =>
  speaksStatus ? JSON.stringify(outcome) : outcome.status === 'Success' ? '' : String(outcome.message);

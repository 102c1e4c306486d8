/** port-forward: SPDY streams, on the connection itself or tunnelled through a WebSocket, or WebSocket channels. */
import type { PortsConnection } from '#kube/connect/connection.ts';
import { type Dial, KubeletError } from '#kube/connect/nodes.ts';
import { badRequest } from '#kube/status/errors.ts';
import { acceptWebSocket, byteStreamOf } from '#world/network/websocket.ts';
import { channelsOver, choose, offered } from './channels.ts';
import { type ClientSide, idleTimeoutMs, isSpdy, isWebSocket, listHeader, sendText } from './client.ts';
import { forwardingError, forwardStreams } from './port-streams.ts';
import { into, pump } from './pump.ts';
import { negotiated, switchToSpdy } from './spdy-upgrade.ts';

const spdyProtocol = 'portforward.k8s.io';
const tunnelPrefix = 'SPDY/3.1+';
const channelProtocols = ['', 'v4.channel.k8s.io', 'v4.base64.channel.k8s.io'];

export async function servePorts(client: ClientSide, connection: PortsConnection): Promise<void> {
  const { request } = client;
  if (!isWebSocket(request) && !isSpdy(request)) throw badRequest('Upgrade request required');
  let dial: Dial;
  try {
    dial = connection.prepare();
  } catch (error) {
    if (!(error instanceof KubeletError)) throw error;
    return sendText(client, error.code, error.message);
  }
  if (isSpdy(request)) {
    const protocol = negotiated(client, [spdyProtocol]);
    const socket = protocol === undefined ? undefined : switchToSpdy(client, protocol);
    if (socket) await forwardStreams(socket, client.clock, dial, connection.pod);
    return;
  }
  const protocols = offered(listHeader(request, 'sec-websocket-protocol'));
  if (protocols.some((each) => each.startsWith(tunnelPrefix))) return tunnel(client, protocols, dial, connection.pod);
  await overChannels(client, protocols, dial, connection);
}

async function tunnel(client: ClientSide, protocols: readonly string[], dial: Dial, pod: string): Promise<void> {
  const protocol = protocols.find((each) => each === tunnelPrefix + spdyProtocol);
  if (protocol === undefined) return sendText(client, 400, 'unable to upgrade: no tunneling spdy protocols provided\n');
  const upgrade = client.takeOver();
  if (!upgrade) return;
  const socket = await acceptWebSocket(client.request, upgrade, protocol, idleTimeoutMs);
  await forwardStreams(byteStreamOf(socket), client.clock, dial, pod);
}

/** Each port a channel for data and one for errors, both begun with the port's number. */
async function overChannels(
  client: ClientSide,
  protocols: readonly string[],
  dial: Dial,
  { ports: asked, pod }: PortsConnection,
): Promise<void> {
  const ports = asked.map(Number);
  const wrong = asked.find((_, i) => !(ports[i]! > 0 && ports[i]! < 65_536));
  if (asked.length === 0) return sendText(client, 400, 'query parameter "port" is required');
  if (wrong !== undefined) return sendText(client, 400, `port ${JSON.stringify(wrong)} must be > 0`);
  const protocol = choose(protocols, channelProtocols);
  const upgrade = protocol === undefined ? undefined : client.takeOver();
  if (protocol === undefined || !upgrade) return sendText(client, 403, '');
  const socket = await acceptWebSocket(client.request, upgrade, protocol || undefined, idleTimeoutMs);
  const channels = channelsOver(
    socket,
    protocol,
    ports.map((_, i) => 2 * i),
  );
  const forward = async (port: number, i: number) => {
    const number = Buffer.alloc(2);
    number.writeUInt16LE(port);
    await channels.write(2 * i, number);
    await channels.write(2 * i + 1, number);
    try {
      const target = dial(port);
      void channels.closed.then(() => target.destroy());
      void pump(channels.input(2 * i), into(target)).then(() => target.end());
      await pump(target, (bytes) => channels.write(2 * i, bytes));
      target.destroy();
    } catch (error) {
      await channels.write(2 * i + 1, Buffer.from(forwardingError(port, pod, error)));
    }
  };
  await Promise.all(ports.map(forward));
  channels.close();
}

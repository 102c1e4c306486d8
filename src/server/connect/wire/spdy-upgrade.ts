/** The answer to a request for SPDY: one of the protocols the client offers, then frames. */
import type { Duplex } from '#world/network/inside.ts';
import { type ClientSide, listHeader, sendText } from './client.ts';

/** The protocol; undefined when there is none in common and the client has been told so. */
export function negotiated(client: ClientSide, known: readonly string[]): string | undefined {
  const offers = listHeader(client.request, 'x-stream-protocol-version');
  const protocol = offers.find((each) => known.includes(each));
  if (protocol !== undefined) return protocol;
  if (offers.length === 0) {
    sendText(client, 400, 'unable to upgrade: X-Stream-Protocol-Version is required\n');
    return undefined;
  }
  client.response.setHeader('X-Accepted-Stream-Protocol-Versions', known);
  const [asked, accepted] = [offers, known].map((list) => `[${list.join(' ')}]`);
  sendText(
    client,
    403,
    `unable to upgrade: unable to negotiate protocol: client supports ${asked}, server accepts ${accepted}\n`,
  );
  return undefined;
}

/** The client's connection, which speaks SPDY from here on. */
export function switchToSpdy(client: ClientSide, protocol: string): Duplex | undefined {
  const upgrade = client.takeOver();
  if (!upgrade) return undefined;
  const { socket, head } = upgrade;
  const lines = [
    'HTTP/1.1 101 Switching Protocols',
    'Connection: Upgrade',
    'Upgrade: SPDY/3.1',
    `X-Stream-Protocol-Version: ${protocol}`,
  ];
  socket.write(`${lines.join('\r\n')}\r\n\r\n`);
  if (head.byteLength > 0) socket.unshift(head);
  return socket;
}

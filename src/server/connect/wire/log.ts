/** A log as text that goes on as long as it is followed. */
import type { LogConnection } from '#kube/connect/connection.ts';
import { KubeletError } from '#kube/connect/nodes.ts';
import { badRequest, internalError } from '#kube/status/errors.ts';
import { StatusError } from '#kube/status/status.ts';
import { writeChunk } from '../../http/stream.ts';
import type { ClientSide } from './client.ts';

/** A kubelet's answer as the API server's. */
function refusal({ code, message }: KubeletError): StatusError {
  if (code === 400) return badRequest(message);
  if (code === 500) return internalError(message);
  return new StatusError({ kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, code });
}

/** Throws StatusError before the first byte. */
export async function serveLog({ response, headers }: ClientSide, { open, follow }: LogConnection): Promise<void> {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  let pieces: AsyncIterable<Uint8Array> | undefined;
  try {
    pieces = open?.(gone.signal);
  } catch (error) {
    throw error instanceof KubeletError ? refusal(error) : error;
  }
  if (!pieces) {
    // The Pod has no node that could have a log of it.
    const { 'Content-Type': _type, ...others } = headers('');
    response.writeHead(204, others);
    response.end();
    return;
  }
  response.writeHead(200, headers('text/plain'));
  if (follow) response.flushHeaders();
  for await (const piece of pieces) {
    const behind = writeChunk(response, piece);
    if (behind) await behind;
    if (response.destroyed) return;
  }
  response.end();
}

/** exec and attach: a process' streams over WebSocket channels or SPDY streams, and how it ended on the error stream. */
import type { CommandConnection } from '#kube/connect/connection.ts';
import { KubeletError, type ProcessStreams, type RunProcess, type TerminalSize } from '#kube/connect/nodes.ts';
import { badRequest, internalError } from '#kube/status/errors.ts';
import { type ClientSide, isSpdy, isWebSocket, sendText } from './client.ts';

/** A client's ends of the streams it asked for. */
export interface CommandStreams {
  readonly stdin?: AsyncIterable<Uint8Array>;
  readonly stdout?: ProcessStreams['stdout'];
  readonly stderr?: ProcessStreams['stderr'];
  /** JSON documents `{"Width": 80, "Height": 24}`, one after the other. */
  readonly resize?: AsyncIterable<Uint8Array>;
  /** Tells how it ended, and ends everything. */
  readonly finish: (outcome: Outcome) => Promise<void>;
  readonly closed: Promise<void>;
}

/** A metav1.Status as kubelets write it, without its kind. */
export type Outcome = Readonly<Record<string, unknown>> & { readonly status: 'Success' | 'Failure' };

export async function serveCommand(client: ClientSide, connection: CommandConnection): Promise<void> {
  if (isWebSocket(client.request)) return (await import('./command-websocket.ts')).overWebSocket(client, connection);
  if (isSpdy(client.request)) return (await import('./command-spdy.ts')).overSpdy(client, connection);
  throw badRequest('Upgrade request required');
}

/** What the kubelet is ready to run; undefined when it has refused and the client has been told in its words. */
export function prepared(client: ClientSide, { prepare }: CommandConnection): RunProcess | undefined {
  try {
    return prepare();
  } catch (error) {
    if (!(error instanceof KubeletError)) throw error;
    sendText(client, error.code, error.message);
    return undefined;
  }
}

const success: Outcome = { metadata: {}, status: 'Success' };

/** As the runtime tells it, and clients read the code from it. */
const exited = (code: number): Outcome => ({
  metadata: {},
  status: 'Failure',
  message: `command terminated with non-zero exit code: command terminated with exit code ${code}`,
  reason: 'NonZeroExitCode',
  details: { causes: [{ reason: 'ExitCode', message: String(code) }] },
});

export function failed(message: string): Outcome {
  const { kind: _kind, apiVersion: _version, ...status } = internalError(message).status;
  return { ...status };
}

/** Runs it until it ends or the client goes, and tells how it went. */
export async function runOver(run: RunProcess, action: string, tty: boolean, streams: CommandStreams): Promise<void> {
  const gone = new AbortController();
  void streams.closed.then(() => gone.abort());
  const { stdin, stdout, stderr, resize } = streams;
  let outcome: Outcome;
  try {
    const code = await run({
      ...(stdin ? { stdin } : {}),
      ...(stdout ? { stdout } : {}),
      ...(stderr ? { stderr } : {}),
      tty,
      onResize: (changed) => void (resize && follow(resize, changed)),
      signal: gone.signal,
    });
    outcome = code === 0 ? success : exited(code);
  } catch (error) {
    outcome = failed(`error ${action} container: ${error instanceof Error ? error.message : String(error)}`);
  }
  await streams.finish(outcome);
}

/** Of one size: `{"Width":65535,"Height":65535}` is 31 bytes. */
const mostSizeBytes = 256;

/** What is no size ends it: later ones could not be told apart. */
async function follow(resize: AsyncIterable<Uint8Array>, changed: (size: TerminalSize) => void): Promise<void> {
  let text = '';
  for await (const bytes of resize) {
    text += Buffer.from(bytes).toString('latin1');
    for (let end = text.indexOf('}'); end >= 0; end = text.indexOf('}')) {
      const size = sizeOf(text.slice(0, end + 1));
      if (!size) return;
      changed(size);
      text = text.slice(end + 1);
    }
    if (text.length > mostSizeBytes) return;
  }
}

function sizeOf(text: string): TerminalSize | undefined {
  try {
    const { Width: width, Height: height } = JSON.parse(text) as {
      readonly Width?: unknown;
      readonly Height?: unknown;
    };
    if (typeof width !== 'number' || typeof height !== 'number') return undefined;
    return { width, height };
  } catch {
    return undefined;
  }
}

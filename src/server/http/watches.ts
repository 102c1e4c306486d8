/** The watches of one door: each started at the handler, timed, and ended together when the door closes. */
import type { ApiRequest, WatchHandle } from '#kube/request/request.ts';
import type { Clock } from '#world/clock/clock.ts';
import type { Random } from '#world/random/random.ts';
import { protobufType } from './accept.ts';
import type { View } from './representation.ts';
import { headersOf, type Reply } from './respond.ts';
import type { ServedApi } from './served.ts';
import { type EventForm, linesOf, WatchStream } from './watch.ts';

/** kube-apiserver's --min-request-timeout: a watch without timeoutSeconds lasts this long to twice as long. */
const leastWatchSeconds = 1_800;

export interface Watches {
  /** Resolves when the watch has begun; rejects with StatusError when it cannot. */
  readonly serve: (
    target: { readonly api: ServedApi; readonly reply: Reply },
    request: ApiRequest,
    view: View,
  ) => Promise<void>;
  readonly endAll: () => void;
}

/** The codec of protobuf is loaded when the first client asks for it. */
async function writingOf(
  view: View,
  clock: Clock,
): Promise<{ readonly form: EventForm; readonly contentType: string }> {
  if (view.media !== 'protobuf') return { form: linesOf(view, clock), contentType: 'application/json' };
  const { framesOf } = await import('./protobuf.ts');
  return { form: framesOf(view), contentType: `${protobufType};stream=watch` };
}

const oneName = /^metadata\.name==?([^,]+)$/;

/** Which objects it hears of, as far as flow control tells them apart. */
function watchedBy({ path, options }: ApiRequest): ApiRequest['path'] {
  const name = oneName.exec(options.fieldSelector ?? '')?.[1];
  return name === undefined ? path : { ...path, name };
}

export function createWatches(clock: Clock, random: Random): Watches {
  const streams = new Set<WatchStream>();

  const serve: Watches['serve'] = async ({ api, reply }, request, view) => {
    const { form, contentType } = await writingOf(view, clock);
    if (reply.response.destroyed) return;
    let handle: WatchHandle | undefined;
    let stopped = false;
    const seconds = request.options.timeoutSeconds || leastWatchSeconds * (1 + random.next());
    const { path } = request;
    const counter = api.kind(path.group, path.version, path.resource) && api.metrics?.watchEvents(path);
    const stream = new WatchStream({
      written: counter?.add,
      response: reply.response,
      clock,
      durable: api.durable,
      form,
      stop: () => {
        stopped = true;
        timer.cancel();
        streams.delete(stream);
        handle?.stop();
      },
    });
    const timer = clock.after(seconds * 1_000, () => stream.end());
    try {
      handle = await api.handler.watch(request, stream);
    } catch (error) {
      timer.cancel();
      throw error;
    }
    if (stopped) return handle.stop();
    const forget = api.flow?.watches.add(watchedBy(request));
    reply.response.once('close', () => forget?.());
    streams.add(stream);
    reply.response.writeHead(200, headersOf(reply, contentType, handle.warnings) as Record<string, string>);
    reply.response.flushHeaders();
    stream.start();
  };

  return {
    serve,
    endAll: () => {
      for (const stream of streams) stream.end();
    },
  };
}

/** One HTTP request to an API server and its answer, as they are on the wire: what recordings are made of. */
import type { ClusterAccess } from '#client/kubeconfig/access.ts';
import type { JsonValue } from '#kube/meta/object.ts';
import { createHttpAgent, type HttpResponse } from '#world/network/http-client.ts';
import { protobufType, readBody } from './answers.ts';
import { pemsOf } from './credentials.ts';
import { openWatches } from './watching.ts';

export interface Asked {
  /** Of HTTP; of watches (watching.ts): WATCH opens the one called `watch`, EVENTS reads on, CLOSE ends it. */
  readonly method: string;
  /** With its query. */
  readonly path: string;
  /** The body's content type. */
  readonly type?: string;
  readonly body?: JsonValue;
  /** Sent as it is, in place of `body`: YAML, or what is no document at all. */
  readonly raw?: string;
  /** application/json when absent. */
  readonly accept?: string;
  /** Further headers: `impersonate-user` and the like. */
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  /** Asks with this bearer token instead of the administrator's certificate; '': as nobody. */
  readonly token?: string;
  /** What was written before must have reached what a real server answers this from: grants, nodes, bootstrap tokens. */
  readonly settled?: boolean;
  readonly watch?: string;
  /** So many events are waited for. */
  readonly count?: number;
  /** Asked again until the answer has this status; what else it says is not looked at. */
  readonly until?: number;
}

export interface Answered {
  readonly status: number;
  readonly body: JsonValue;
  /** Those of `toldHeaders` that are there; recordings from before there were any say nothing of them. */
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
}

export interface Door {
  readonly ask: (asked: Asked) => Promise<Answered>;
  readonly close: () => Promise<void>;
}

/** What a recorded request comes from by default. */
const userAgent = 'recorder/v1';

/** Headers that clients act on; a Content-Type of JSON and the usual Cache-Control go without saying. */
const toldHeaders = [
  'warning',
  'content-type',
  'retry-after',
  'cache-control',
  'vary',
  'etag',
  'allow',
  'www-authenticate',
];
const usual: Readonly<Record<string, string>> = {
  'content-type': 'application/json',
  'cache-control': 'no-cache, private',
};

function headersOf({ headers }: HttpResponse): NonNullable<Answered['headers']> {
  const told = toldHeaders.filter((name) => headers[name] !== undefined && headers[name] !== usual[name]);
  return Object.fromEntries(told.map((name) => [name, headers[name]!]));
}

/** `settleMs`: how long before a server knows what was written; ours knows at once. */
export function doorTo(access: ClusterAccess, settleMs = 0): Door {
  const pems = pemsOf(access);
  const agent = createHttpAgent(pems);
  const nobody = createHttpAgent({ ca: pems.ca });
  const send = (asked: Asked, signal?: AbortSignal) => {
    const { method, path, type, body, raw, accept = 'application/json', headers, token } = asked;
    return (token === undefined ? agent : nobody).request({
      url: access.server + path,
      method,
      headers: {
        'user-agent': userAgent,
        accept,
        ...(type ? { 'content-type': type } : {}),
        ...(token ? { authorization: `Bearer ${token}` } : {}),
        ...(headers as Readonly<Record<string, string | string[]>> | undefined),
      },
      ...(body === undefined && raw === undefined ? {} : { body: raw ?? JSON.stringify(body) }),
      ...(signal ? { signal } : {}),
    });
  };
  const answerOf = async (response: HttpResponse): Promise<Answered> => ({
    status: response.status,
    headers: headersOf(response),
    body: await readBody(response),
  });
  const watches = openWatches();
  return {
    ask: async (asked) => {
      const { watch = '', count = 0, settled } = asked;
      if (settled && settleMs > 0) await new Promise((resolve) => setTimeout(resolve, settleMs));
      if (asked.method === 'EVENTS') return { status: 200, body: await watches.events(watch, count) };
      if (asked.method === 'CLOSE') return { status: 200, body: await watches.close(watch) };
      if (asked.method !== 'WATCH') return answerOf(await send(asked));
      const stop = new AbortController();
      const response = await send({ ...asked, method: 'GET' }, stop.signal);
      if (response.status !== 200) return answerOf(response);
      const contentType = String(response.headers['content-type']);
      watches.open(watch, response.stream, stop, contentType.startsWith(protobufType));
      return { status: 200, headers: headersOf(response), body: null };
    },
    close: async () => {
      watches.closeAll();
      await Promise.all([agent.close(), nobody.close()]);
    },
  };
}

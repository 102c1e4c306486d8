/** The network that the Pods of a simulated cluster are in: addresses and ports that answer, and those that do not. */
import type { Container, Pod, Service } from '#apis/kubernetes/types.ts';
import { DialError } from '#kube/connect/nodes.ts';
import type { Clock } from '#world/clock/clock.ts';
import {
  connectedPair,
  type Duplex,
  innerServer,
  innerTlsServer,
  requestOver,
  secured,
} from '#world/network/inside.ts';
import type { IncomingMessage, ServerResponse } from '#world/network/listen.ts';
import { currentRun } from '../container/runs.ts';
import type { Journal } from '../log/journal.ts';
import type { FetchAnswer, FetchOptions } from '../shell/process.ts';
import { respond } from './responder.ts';

export interface PodNetworkOptions {
  readonly clock: Clock;
  readonly journal: Journal;
  readonly podAt: (address: string) => Pod | undefined;
  readonly isUp: (node: string) => boolean;
  readonly service: (namespace: string, name: string) => Service | undefined;
  readonly serviceAt: (address: string) => Service | undefined;
  readonly podsOf: (service: Service) => readonly Pod[];
}

export interface PodNetwork {
  /** Throws DialError. */
  readonly dial: (address: string, port: number) => Duplex;
  /** From within the Pod. Throws DialError. */
  readonly dialInside: (pod: Pod, port: number) => Duplex;
  readonly fetchFor: (pod: Pod) => (url: string, options: FetchOptions) => Promise<FetchAnswer>;
}

const refused = (address: string, port: number) =>
  new DialError(`dial tcp ${address}:${port}: connect: connection refused`);

/** By the port's name, or its usual number. */
const speaksTls = ({ ports = [] }: Container, port: number): boolean =>
  ports.some((each) => each.containerPort === port && each.name?.startsWith('https')) || [443, 8443].includes(port);

let identity: Promise<{ readonly cert: string; readonly key: string }> | undefined;

/** What all Pods show by TLS: nobody vouches for it, as for what Pods make up for themselves. */
function podIdentity(clock: Clock): NonNullable<typeof identity> {
  identity ??= import('#world/certificates/authority.ts').then(async ({ createCertificateAuthority }) => {
    const authority = await createCertificateAuthority('simulated-pods', clock);
    return authority.issueServer({ commonName: 'pod', hosts: ['localhost', '127.0.0.1'] });
  });
  return identity;
}

/** What of an answer a program takes in. */
const mostFetched = 8 * 1024 * 1024;

export function podNetwork(options: PodNetworkOptions): PodNetwork {
  const { podAt, isUp, journal, clock } = options;

  /** At a port that one of the Pod's running containers says it has. */
  const answering = (pod: Pod, port: number): Duplex | undefined => {
    const containers = [...pod.spec.containers, ...(pod.spec.initContainers ?? [])];
    const declares = containers.find(
      ({ name, ports = [] }) =>
        ports.some((each) => each.containerPort === port && (each.protocol ?? 'TCP') === 'TCP') &&
        currentRun(pod, name),
    );
    if (!declares) return undefined;
    const run = currentRun(pod, declares.name)!;
    const [near, far] = connectedPair();
    const answered = (text: string) => journal.add(run.id, { time: clock.now(), stream: 'Stdout', text });
    const answer = (request: IncomingMessage, response: ServerResponse) =>
      void respond({ pod, container: declares.name, port, answered }, request, response).catch(() =>
        response.destroy(),
      );
    const server = speaksTls(declares, port) ? innerTlsServer(podIdentity(clock), answer) : innerServer(answer);
    server.accept(far);
    return near;
  };

  const dial: PodNetwork['dial'] = (address, port) => {
    const pod = podAt(address);
    if (!pod?.spec.nodeName) throw new DialError(`dial tcp ${address}:${port}: connect: no route to host`);
    if (!isUp(pod.spec.nodeName)) throw new DialError(`dial tcp ${address}:${port}: i/o timeout`);
    const connection = answering(pod, port);
    if (!connection) throw refused(address, port);
    return connection;
  };
  const dialInside: PodNetwork['dialInside'] = (pod, port) => {
    const connection = answering(pod, port);
    if (!connection)
      throw new DialError(
        `failed to connect to localhost:${port} inside namespace of pod ${pod.metadata.uid}: dial tcp4 127.0.0.1:${port}: connect: connection refused`,
      );
    return connection;
  };

  return {
    dial,
    dialInside,
    fetchFor: (pod) => async (url, asked) => {
      const { hostname, port, pathname, search, protocol, host } = new URL(url);
      const connection = dialName(
        { ...options, dial, dialInside, answering },
        pod,
        hostname,
        Number(port) || (protocol === 'https:' ? 443 : 80),
      );
      return fetchOver(protocol === 'https:' ? secured(connection) : connection, host, pathname + search, asked);
    },
  };
}

interface Reach extends PodNetworkOptions, Pick<PodNetwork, 'dial' | 'dialInside'> {
  readonly answering: (pod: Pod, port: number) => Duplex | undefined;
}

/** A Pod behind a Service, the first that answers at the port it leads to. */
function dialService({ podsOf, answering }: Reach, service: Service, port: number): Duplex {
  const declared = service.spec?.ports?.find((each) => each.port === port);
  for (const pod of declared ? podsOf(service) : []) {
    const target = declared!.targetPort ?? port;
    const number =
      typeof target === 'number'
        ? target
        : pod.spec.containers.flatMap(({ ports = [] }) => ports).find(({ name }) => name === target)?.containerPort;
    const connection = number === undefined ? undefined : answering(pod, number);
    if (connection) return connection;
  }
  throw refused(service.spec?.clusterIP ?? service.metadata.name ?? '', port);
}

/** As cluster DNS and Services lead there. */
function dialName(reach: Reach, pod: Pod, host: string, port: number): Duplex {
  if (host === 'localhost' || host === '127.0.0.1' || host === pod.status?.podIP) return reach.dialInside(pod, port);
  if (/^[\d.]+$/.test(host)) {
    const service = reach.serviceAt(host);
    return service ? dialService(reach, service, port) : reach.dial(host, port);
  }
  const [name = '', namespace = pod.metadata.namespace ?? ''] = host
    .replace(/\.svc(\.cluster\.local)?\.?$/, '')
    .split('.');
  const service = reach.service(namespace, name);
  if (!service) throw new DialError(`could not resolve host: ${host}`);
  return dialService(reach, service, port);
}

async function fetchOver(
  connection: Duplex,
  host: string,
  path: string,
  { method, headers, body }: FetchOptions,
): Promise<FetchAnswer> {
  const length = body ? [['Content-Length', String(body.byteLength)] as const] : [];
  const {
    status,
    statusText,
    rawHeaders,
    body: answer,
  } = await requestOver(connection, {
    method,
    path,
    headers: [
      ['Host', host],
      ['User-Agent', 'simulated'],
      ['Accept', '*/*'],
      ['Connection', 'close'],
      ...length,
      ...headers,
    ].flat(),
    ...(body ? { content: body } : {}),
  });
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of answer) {
    pieces.push(piece as Buffer);
    size += (piece as Buffer).byteLength;
    if (size > mostFetched) throw new DialError('the answer is too large');
  }
  connection.destroy();
  return { status, statusText, headers: rawHeaders, body: Buffer.concat(pieces, size) };
}

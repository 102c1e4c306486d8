/** A kubelet's own server, as people look into a node through `nodes/{name}/proxy`. */
import type { Node, Pod } from '#apis/kubernetes/types.ts';
import type { JsonObject } from '#kube/meta/object.ts';
import { parseQuantity, quantityValue } from '#kube/quantity/quantity.ts';
import { type Clock, timestamp } from '#world/clock/clock.ts';
import type { IncomingMessage, ServerResponse } from '#world/network/listen.ts';

export interface KubeletServerOptions {
  readonly clock: Clock;
  readonly node: (name: string) => Node | undefined;
  readonly podsOn: (node: string) => readonly Pod[];
  /** The whole log of a container so far. Throws KubeletError. */
  readonly log: (
    namespace: string,
    pod: string,
    container: string,
    query: URLSearchParams,
  ) => AsyncIterable<Uint8Array>;
}

type Answer = readonly [code: number, type: string, body: string];

const text = (body: string, code = 200): Answer => [code, 'text/plain; charset=utf-8', body];
const json = (value: JsonObject): Answer => [200, 'application/json', JSON.stringify(value)];

/** Containers of simulated Pods use what they ask for, or a little. */
const littleCpu = 0.001;
const littleMemory = 8 * 1024 * 1024;

const amount = (quantity: string | number | undefined, otherwise: number) =>
  quantity === undefined ? otherwise : quantityValue(parseQuantity(quantity));

/** Requests are what is used. */
function usageOf(pod: Pod) {
  return pod.spec.containers.map(({ name, resources }) => ({
    name,
    cpu: amount(resources?.requests?.cpu, littleCpu),
    memory: amount(resources?.requests?.memory, littleMemory),
  }));
}

const total = (pods: readonly Pod[], what: 'cpu' | 'memory') =>
  pods.flatMap(usageOf).reduce((sum, each) => sum + each[what], 0);

function stats(time: string, cpu: number, memory: number, startTime: string) {
  return {
    startTime,
    cpu: { time, usageNanoCores: Math.round(cpu * 1e9) },
    memory: { time, usageBytes: Math.round(memory), workingSetBytes: Math.round(memory) },
  };
}

function summary(name: string, pods: readonly Pod[], now: string): JsonObject {
  return {
    node: { nodeName: name, ...stats(now, total(pods, 'cpu'), total(pods, 'memory'), now) },
    pods: pods.map((pod) => ({
      podRef: { name: pod.metadata.name ?? '', namespace: pod.metadata.namespace ?? '', uid: pod.metadata.uid ?? '' },
      ...stats(now, total([pod], 'cpu'), total([pod], 'memory'), pod.status?.startTime ?? now),
      containers: usageOf(pod).map(({ name: container, cpu, memory }) => ({
        name: container,
        ...stats(now, cpu, memory, pod.status?.startTime ?? now),
      })),
    })),
  } as unknown as JsonObject;
}

function metrics(pods: readonly Pod[]): string {
  const running = pods.filter(({ status }) => status?.phase === 'Running');
  const containers = running.reduce((sum, { spec }) => sum + spec.containers.length, 0);
  return [
    '# HELP kubelet_running_containers Number of containers currently running',
    '# TYPE kubelet_running_containers gauge',
    `kubelet_running_containers{container_state="running"} ${containers}`,
    '# HELP kubelet_running_pods Number of pods that have a running pod sandbox',
    '# TYPE kubelet_running_pods gauge',
    `kubelet_running_pods ${running.length}`,
    '',
  ].join('\n');
}

function resourceMetrics(pods: readonly Pod[]): string {
  const rows = pods.flatMap((pod) =>
    usageOf(pod).map(({ name, memory }) => {
      const labels = `container="${name}",namespace="${pod.metadata.namespace}",pod="${pod.metadata.name}"`;
      return `container_memory_working_set_bytes{${labels}} ${Math.round(memory)}`;
    }),
  );
  return [
    '# TYPE container_memory_working_set_bytes gauge',
    ...rows,
    `node_memory_working_set_bytes ${Math.round(total(pods, 'memory'))}`,
    '',
  ].join('\n');
}

export function kubeletServer({ clock, node, podsOn, log }: KubeletServerOptions) {
  const answer = (name: string, path: string): Answer => {
    const pods = podsOn(name);
    switch (path) {
      case '/healthz':
      case '/healthz/ping':
      case '/healthz/syncloop':
        return text('ok');
      case '/pods':
      case '/pods/':
        return json({ kind: 'PodList', apiVersion: 'v1', metadata: {}, items: pods } as unknown as JsonObject);
      case '/runningpods':
      case '/runningpods/': {
        const items = pods.filter(({ status }) => status?.phase === 'Running');
        return json({ kind: 'PodList', apiVersion: 'v1', metadata: {}, items } as unknown as JsonObject);
      }
      case '/stats/summary':
        return json(summary(name, pods, timestamp(clock.now())));
      case '/metrics':
        return text(metrics(pods));
      case '/metrics/resource':
      case '/metrics/cadvisor':
        return text(resourceMetrics(pods));
      case '/configz':
        return json({
          kubeletconfig: {
            enableServer: true,
            address: '0.0.0.0',
            port: 10_250,
            maxPods: Number(amount(node(name)?.status?.capacity?.pods, 110)),
          },
        });
      case '/logs/':
        return [
          200,
          'text/html; charset=utf-8',
          '<!doctype html>\n<pre>\n<a href="kubelet.log">kubelet.log</a>\n</pre>\n',
        ];
      case '/logs/kubelet.log':
        return text(kubeletLog(pods));
      default:
        return text('404 page not found\n', 404);
    }
  };
  return async (name: string, request: IncomingMessage, response: ServerResponse): Promise<void> => {
    request.resume();
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://kubelet');
    const [, wanted, namespace, pod, container] = pathname.split('/');
    if (wanted === 'containerLogs' && namespace && pod && container) {
      const pieces = log(namespace, pod, container, searchParams);
      response.writeHead(200, { 'Content-Type': 'text/plain' });
      for await (const piece of pieces)
        if (!response.write(piece)) await new Promise((resolve) => response.once('drain', resolve));
      response.end();
      return;
    }
    if (pathname === '/logs') {
      response.writeHead(301, { Location: '/logs/', 'Content-Length': 0 });
      response.end();
      return;
    }
    const [code, type, body] = answer(name, pathname);
    response.writeHead(code, { 'Content-Type': type, 'Content-Length': Buffer.byteLength(body) });
    response.end(request.method === 'HEAD' ? undefined : body);
  };
}

/** What a kubelet has to say of its Pods: when each was started. */
const kubeletLog = (pods: readonly Pod[]): string =>
  pods
    .flatMap(({ metadata, status }) =>
      status?.startTime ? [`${status.startTime} started pod ${metadata.namespace}/${metadata.name}`] : [],
    )
    .sort()
    .map((line) => `${line}\n`)
    .join('');

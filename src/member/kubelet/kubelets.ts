/** The kubelets of a simulated cluster, and the network of its Pods: what its API server connects people to. */
import {
  type Container,
  type Node,
  Nodes as NodeObjects,
  type Pod,
  Pods,
  type Service,
  Services,
} from '#apis/kubernetes/types.ts';
import type { ApiClient } from '#client/api-client.ts';
import type { Informer, InformerFactory } from '#client/informer/informer.ts';
import {
  type ContainerTarget,
  DialError,
  KubeletError,
  type LogOptions,
  type Nodes,
  type RunProcess,
} from '#kube/connect/nodes.ts';
import { keyOf } from '#kube/meta/key.ts';
import { labelSelectorMatcher } from '#kube/selector/labels.ts';
import { isReason } from '#kube/status/status.ts';
import type { Machines } from '#workloads/pods/life/controller.ts';
import { indexByNode, podsOn } from '#workloads/pods/nodes/pods-on.ts';
import { type Clock, timestamp } from '#world/clock/clock.ts';
import { connectedPair, innerServer } from '#world/network/inside.ts';
import { type Containers, createContainers } from './container/containers.ts';
import { expanded } from './container/environment.ts';
import { statusAfterExit } from './container/exit.ts';
import { objectLookup } from './container/lookup.ts';
import { runInContainer } from './container/process.ts';
import { type ContainerRun, containerSpec, containerStatus, currentRun, runWithLog } from './container/runs.ts';
import { createJournal, type Journal } from './log/journal.ts';
import { type LineSource, linesOf } from './log/lines.ts';
import { selected } from './log/select.ts';
import { scriptOf, tellStory } from './log/story.ts';
import { kubeletServer } from './network/kubelet-server.ts';
import { type PodNetwork, podNetwork } from './network/pod-network.ts';

export interface KubeletsOptions {
  readonly clock: Clock;
  readonly informers: InformerFactory;
  readonly machines: Machines;
  /** Acts as `system:node:<name>`. */
  readonly clientOf: (node: string) => ApiClient;
}

interface Kubelets {
  readonly clock: Clock;
  readonly pods: Informer<Pod>;
  readonly machines: Machines;
  readonly journal: Journal;
  readonly containers: Containers;
  readonly network: PodNetwork;
  readonly clientOf: KubeletsOptions['clientOf'];
}

const byAddress = 'address';

export function simulatedNodes({ clock, informers, machines, clientOf }: KubeletsOptions): Nodes {
  const pods = informers.informer(Pods);
  const nodes = informers.informer(NodeObjects);
  const services = informers.informer(Services);
  const journal = createJournal();
  indexByNode(pods);
  pods.addIndex(byAddress, ({ status, spec }) => (status?.podIP && !spec.hostNetwork ? [status.podIP] : []));
  const network = podNetwork({
    clock,
    journal,
    isUp: machines.isUp,
    podAt: (address) => pods.byIndex(byAddress, address).find(({ status }) => status?.phase === 'Running'),
    service: (namespace, name) => services.get(`${namespace}/${name}`),
    serviceAt: (address) => services.list().find(({ spec }) => spec?.clusterIP === address),
    podsOf: (service) => podsBehind(pods, service),
  });
  const containers = createContainers({
    clock,
    lookupFor: (node) => objectLookup(clientOf(node)),
    servicesIn: (namespace) => services.list(namespace),
    fetchFor: network.fetchFor,
  });
  pods.onChange(({ type, object }) => {
    if (type !== 'deleted') return;
    containers.forget(object);
    journal.forget((run) => run.includes(object.metadata.uid!));
  });
  const kubelets: Kubelets = { clock, pods, machines, journal, containers, network, clientOf };
  const server = kubeletServer({
    clock,
    node: (name) => nodes.get(name),
    podsOn: (node) => podsOn(pods, node),
    log: (namespace, name, container, query) => serverLog(kubelets, `${namespace}/${name}`, container, query),
  });
  return {
    logs: (target, options, signal) => logs(kubelets, target, options, signal),
    exec: (target, command) => exec(kubelets, target, command),
    attach: (target) => attach(kubelets, target),
    portForward: (object) => {
      const pod = object as Pod;
      requireUp(kubelets, pod);
      if (pod.status?.phase !== 'Running')
        throw new KubeletError(500, `pod not found ("${pod.metadata.name}_${pod.metadata.namespace}")`);
      return (port) => network.dialInside(pod, port);
    },
    dialPod: (address, port) => network.dial(address, port),
    dialKubelet: (name) => {
      if (!machines.isUp(name)) throw new DialError(`dial tcp ${addressOf(nodes, name)}:10250: i/o timeout`);
      const [near, far] = connectedPair();
      innerServer((request, response) => {
        server(name, request, response).catch((error: unknown) => {
          if (response.headersSent) return response.destroy();
          response.writeHead(error instanceof KubeletError ? error.code : 500, { 'Content-Type': 'text/plain' });
          response.end(error instanceof Error ? error.message : String(error));
        });
      }).accept(far);
      return near;
    },
  };
}

/** As the kubelet's own path shows it. */
function serverLog(
  kubelets: Kubelets,
  key: string,
  container: string,
  query: URLSearchParams,
): AsyncIterable<Uint8Array> {
  const pod = kubelets.pods.get(key);
  if (!pod) throw new KubeletError(404, `pod ${JSON.stringify(key)} does not exist`);
  const tail = query.get('tailLines');
  const options: LogOptions = {
    follow: false,
    previous: query.get('previous') === 'true',
    timestamps: query.get('timestamps') === 'true',
    stream: 'All',
    ...(tail ? { tailLines: Number(tail) } : {}),
  };
  return logs(kubelets, { pod, container }, options, new AbortController().signal);
}

const addressOf = (nodes: Informer<Node>, name: string) =>
  nodes.get(name)?.status?.addresses?.find(({ type }) => type === 'InternalIP')?.address ?? name;

const podsBehind = (pods: Informer<Pod>, { metadata, spec }: Service): readonly Pod[] => {
  const { selector } = spec ?? {};
  if (!selector || Object.keys(selector).length === 0) return [];
  const { matches } = labelSelectorMatcher({ matchLabels: selector });
  return pods
    .list(metadata.namespace)
    .filter((pod) => pod.status?.phase === 'Running' && matches(pod.metadata.labels ?? {}));
};

/** A kubelet whose machine is off cannot be asked. */
function requireUp({ machines }: Kubelets, pod: Pod): void {
  const { nodeName = '' } = pod.spec;
  if (!machines.isUp(nodeName))
    throw new KubeletError(500, `error dialing backend: dial tcp ${pod.status?.hostIP ?? nodeName}:10250: i/o timeout`);
}

function specOf(pod: Pod, name: string): Container {
  const container = containerSpec(pod, name);
  if (!container)
    throw new KubeletError(
      404,
      `container ${JSON.stringify(name)} not found in pod ${JSON.stringify(pod.metadata.name)}`,
    );
  return container;
}

function logs(
  kubelets: Kubelets,
  { pod: object, container }: ContainerTarget,
  options: LogOptions,
  signal: AbortSignal,
): AsyncIterable<Uint8Array> {
  const pod = object as Pod;
  requireUp(kubelets, pod);
  const spec = specOf(pod, container);
  const run = runWithLog(pod, container, options.previous);
  return selected(linesOf(sourceOf(kubelets, pod, spec, run), options.follow, signal), options);
}

function sourceOf(kubelets: Kubelets, pod: Pod, container: Container, run: ContainerRun): LineSource {
  const { clock, journal, containers } = kubelets;
  const words = scriptOf(container);
  return {
    run,
    world: clock,
    journal,
    ended: (signal) => endOf(kubelets, pod, container.name, run, signal),
    tell: async (time, tell, signal) => {
      if (!words) return tellStory(pod, container, run, time, tell, signal);
      const inside = await containers.apart(pod, container, run);
      const said = (stream: 'Stdout' | 'Stderr') => {
        let kept = '';
        return async (bytes: Uint8Array) => {
          kept += Buffer.from(bytes).toString('utf8');
          const whole = kept.split('\n');
          kept = whole.pop()!;
          for (const line of whole) if (!(await tell(stream, line))) return false;
          return true;
        };
      };
      const command = words.map((word) => expanded(word, inside.env));
      await runInContainer({ ...inside, machine: { ...inside.machine, clock: time } }, command, {
        stdout: said('Stdout'),
        stderr: said('Stderr'),
        tty: false,
        onResize: () => {},
        signal,
      });
    },
  };
}

/** The run as it has ended; undefined when the signal came first. */
function endOf(
  { pods }: Kubelets,
  { metadata }: Pod,
  container: string,
  run: ContainerRun,
  signal: AbortSignal,
): Promise<ContainerRun | undefined> {
  return new Promise((resolve) => {
    let stop = () => {};
    let over = false;
    const finish = (ended: ContainerRun | undefined) => {
      over = true;
      stop();
      signal.removeEventListener('abort', aborted);
      resolve(ended);
    };
    const aborted = () => finish(undefined);
    signal.addEventListener('abort', aborted, { once: true });
    stop = pods.onChange(({ type, object }) => {
      if (over || object.metadata.uid !== metadata.uid) return;
      if (type === 'deleted') return finish(run);
      const status = containerStatus(object, container);
      if (status?.state?.running && status.containerID === run.id) return;
      const { terminated } =
        status?.state?.terminated?.containerID === run.id ? status.state : (status?.lastState ?? {});
      if (terminated?.containerID === run.id)
        finish({
          ...run,
          ended: {
            at: Date.parse(terminated.finishedAt ?? ''),
            exitCode: terminated.exitCode,
            reason: terminated.reason ?? '',
          },
        });
    });
    // The first look is within onChange itself.
    if (over) stop();
    else if (signal.aborted) aborted();
  });
}

function exec(kubelets: Kubelets, { pod: object, container }: ContainerTarget, command: readonly string[]): RunProcess {
  const pod = object as Pod;
  requireUp(kubelets, pod);
  const spec = containerSpec(pod, container);
  const run = spec && currentRun(pod, container);
  if (!run) throw new KubeletError(500, `container not found (${JSON.stringify(container)})`);
  return async (streams) => runInContainer(await kubelets.containers.enter(pod, spec, run), command, streams);
}

/** A shell that waits for somebody; any other container only shows what it says. */
const isShell = ({ stdin, command = [], args = [] }: Container): boolean =>
  stdin === true && (command.length + args.length === 0 || /(^|\/)(ba|a)?sh$/.test([...command, ...args].at(-1)!));

/** Somebody has ended the process that the container is: the kubelet tells, and starts it again where it should. */
async function endContainer(
  { pods, clientOf, clock }: Kubelets,
  before: Pod,
  container: string,
  code: number,
): Promise<void> {
  const pod = pods.get(keyOf(before));
  if (!pod?.spec.nodeName || pod.metadata.uid !== before.metadata.uid) return;
  const status = statusAfterExit(pod, container, code, timestamp(clock.now()));
  try {
    const client = clientOf(pod.spec.nodeName).resource(Pods);
    pods.observe(await client.update({ ...pod, status }, { subresource: 'status', fieldManager: 'kubelet' }));
  } catch (error) {
    // Changed in between, or gone: then it is told by whoever looks at it next.
    if (!isReason(error, 'Conflict') && !isReason(error, 'NotFound')) throw error;
  }
}

function attach(kubelets: Kubelets, { pod: object, container }: ContainerTarget): RunProcess {
  const pod = object as Pod;
  requireUp(kubelets, pod);
  const spec = containerSpec(pod, container);
  const run = spec && currentRun(pod, container);
  if (!run)
    throw new KubeletError(
      500,
      `container ${container} not found in pod ${pod.metadata.name}_${pod.metadata.namespace}`,
    );
  return async (streams) => {
    if (isShell(spec) && streams.stdin) {
      const code = await runInContainer(await kubelets.containers.enter(pod, spec, run), ['sh'], streams);
      // Whoever only went away has left it as it was.
      if (!streams.signal.aborted) await endContainer(kubelets, pod, container, code);
      return 0;
    }
    const { clock } = kubelets;
    const options: LogOptions = { follow: true, previous: false, timestamps: false, stream: 'All', since: clock.now() };
    const lines = linesOf(sourceOf(kubelets, pod, spec, run), true, streams.signal);
    for await (const bytes of selected(lines, options)) {
      const text = streams.tty ? Buffer.from(bytes.toString().replaceAll('\n', '\r\n')) : bytes;
      if (streams.stdout && !(await streams.stdout(text))) break;
    }
    return 0;
  };
}

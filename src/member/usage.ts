/**
 * What simulated Pods and nodes use, as metrics.k8s.io answers it. A container uses what its Pod's annotations say, else
 * next to nothing: the names and amounts are kwok's, so that whoever simulates with it finds what they know.
 */
import { type Node, Nodes, type Pod, Pods } from '#apis/kubernetes/types.ts';
import type { NodeMetrics, PodMetrics } from '#apis/metrics/usage.ts';
import type { Informer, InformerFactory } from '#client/informer/informer.ts';
import { keyFor } from '#kube/meta/key.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import { addQuantity, formatQuantity, parseQuantity, type Quantity } from '#kube/quantity/quantity.ts';
import type { ApiRequest } from '#kube/request/request.ts';
import { parseLabelSelector } from '#kube/selector/labels.ts';
import { failure } from '#kube/status/status.ts';
import { type Clock, timestamp } from '#world/clock/clock.ts';

/** Resource -> the annotation that says how much of it each container uses, and what it is without one. */
const measures: Readonly<Record<string, { readonly annotation: string; readonly otherwise: string }>> = {
  cpu: { annotation: 'kwok.x-k8s.io/usage-cpu', otherwise: '1m' },
  memory: { annotation: 'kwok.x-k8s.io/usage-memory', otherwise: '1Mi' },
};

const apiVersion = 'metrics.k8s.io/v1beta1';
const window = '15s';
const answeredResources = ['metrics.k8s.io/pods', 'metrics.k8s.io/nodes'];

function amountOf(pod: Pod, resource: string): Quantity {
  const { annotation, otherwise } = measures[resource]!;
  try {
    return parseQuantity(pod.metadata.annotations?.[annotation] ?? otherwise);
  } catch (error) {
    // An annotation may hold anything; one that is no quantity says nothing.
    if (error instanceof RangeError) return parseQuantity(otherwise);
    throw error;
  }
}

const running = ({ status }: Pod): readonly string[] =>
  status?.phase === 'Running'
    ? (status.containerStatuses ?? []).filter(({ state }) => state?.running).map(({ name }) => name)
    : [];

/** Undefined for a Pod that does not run: nothing is measured there. */
function podMetrics(pod: Pod, now: string): PodMetrics | undefined {
  const names = running(pod);
  if (names.length === 0) return undefined;
  const usage = Object.fromEntries(Object.keys(measures).map((name) => [name, formatQuantity(amountOf(pod, name))]));
  const { name, namespace, labels } = pod.metadata;
  return {
    apiVersion,
    kind: 'PodMetrics',
    metadata: { name: name!, namespace: namespace!, ...(labels ? { labels } : {}), creationTimestamp: now },
    timestamp: now,
    window,
    containers: names.map((each) => ({ name: each, usage })),
  };
}

/** The sum of a node's Pods. */
function nodeMetrics(node: Node, pods: readonly Pod[], now: string): NodeMetrics {
  const usage = Object.fromEntries(
    Object.keys(measures).map((resource) => {
      const amounts = pods.flatMap((pod) => running(pod).map(() => amountOf(pod, resource)));
      const zero: Quantity = { nano: 0n, format: resource === 'memory' ? 'BinarySI' : 'DecimalSI' };
      return [resource, formatQuantity(amounts.reduce(addQuantity, zero))];
    }),
  );
  const { name, labels } = node.metadata;
  return {
    apiVersion,
    kind: 'NodeMetrics',
    metadata: { name: name!, ...(labels ? { labels } : {}), creationTimestamp: now },
    timestamp: now,
    window,
    usage,
  };
}

type Answer = (request: ApiRequest) => KubeObject;

interface Measured<T extends KubeObject, M extends KubeObject> {
  readonly kind: string;
  readonly resource: string;
  readonly informer: Informer<T>;
  readonly measure: (object: T, now: string) => M | undefined;
  readonly clock: Clock;
}

function answer<T extends KubeObject, M extends KubeObject>({
  kind,
  resource,
  informer,
  measure,
  clock,
}: Measured<T, M>): Answer {
  return ({ path: { namespace, name }, options }) => {
    const now = timestamp(clock.now());
    if (name !== undefined) {
      const object = informer.get(keyFor(namespace, name));
      const found = object && measure(object, now);
      const what = `${resource}.metrics.k8s.io "${name}" not found`;
      if (!found) throw failure('NotFound', what, { group: 'metrics.k8s.io', kind: resource, name });
      return found;
    }
    const matcher = parseLabelSelector(options.labelSelector ?? '');
    const objects = informer.list(namespace).filter(({ metadata }) => matcher.matches(metadata.labels));
    const items = objects.map((object) => measure(object, now)).filter((each) => each !== undefined);
    return { apiVersion, kind: `${kind}List`, metadata: {}, items } as unknown as KubeObject;
  };
}

/** By the server's names of resources that are answered. */
export type UsageAnswers = Readonly<Record<string, Answer>>;

/** For a server that is made before the member it serves. */
export const answersLater = (answers: () => UsageAnswers): UsageAnswers =>
  Object.fromEntries(answeredResources.map((name) => [name, (request) => answers()[name]!(request)]));

export function usageAnswers({
  informers,
  clock,
}: {
  readonly informers: InformerFactory;
  readonly clock: Clock;
}): UsageAnswers {
  const pods = informers.informer<Pod>(Pods);
  const nodes = informers.informer<Node>(Nodes);
  const onNode = (node: Node) => pods.list().filter(({ spec }) => spec.nodeName === node.metadata.name);
  return {
    'metrics.k8s.io/pods': answer({ kind: 'PodMetrics', resource: 'pods', informer: pods, measure: podMetrics, clock }),
    'metrics.k8s.io/nodes': answer({
      kind: 'NodeMetrics',
      resource: 'nodes',
      informer: nodes,
      measure: (node, now) => nodeMetrics(node, onNode(node), now),
      clock,
    }),
  };
}

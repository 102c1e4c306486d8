/**
 * Subresources that connect: what a request to one of them leads to, decided the way kube-apiserver decides it, before
 * a byte is said to anybody.
 */
import type { Node, Pod } from '#apis/kubernetes/types.ts';
import type { Connection } from '#kube/connect/connection.ts';
import { KubeletError, type Nodes } from '#kube/connect/nodes.ts';
import type { ApiResponse } from '#kube/request/request.ts';
import { badRequest, internalError, noSuchPath, notFound } from '#kube/status/errors.ts';
import type { Status } from '#kube/status/status.ts';
import { attributesOf, requireAccess } from '../auth/authorizer.ts';
import type { Registry, Scope } from '../registry/context.ts';
import { admitSent } from '../registry/write/admit.ts';
import { containerOf } from './container.ts';
import { execOptionsOf, logOptionsOf, portsOf } from './options.ts';
import { type ProxyName, podAddress, proxyName, serviceAddress } from './target.ts';
import { withoutNodes } from './without-nodes.ts';

/** Subresources of core kinds that connect, each with the kind of its options. */
const optionKinds: Readonly<Record<string, string>> = {
  'pods/log': 'PodLogOptions',
  'pods/exec': 'PodExecOptions',
  'pods/attach': 'PodAttachOptions',
  'pods/portforward': 'PodPortForwardOptions',
  'pods/proxy': 'PodProxyOptions',
  'services/proxy': 'ServiceProxyOptions',
  'nodes/proxy': 'NodeProxyOptions',
};

/** Those that an upgrade by GET may not reach without the right to create. */
const upgrading = new Set(['pods/exec', 'pods/attach', 'pods/portforward']);

type Parts = { readonly registry: Registry; readonly scope: Scope; readonly nodes: Nodes };

/** Throws StatusError. `key` is a connecting one, and the caller may do what the request's verb says. */
export async function connect(
  registry: Registry,
  scope: Scope,
  key: string,
  nodes: Nodes = withoutNodes(registry.name),
): Promise<ApiResponse> {
  const { request, dryRun } = scope;
  if (!request.connect) throw badRequest(`${key} is a connection: it is reached over HTTP`);
  if (request.connect.subpath.length > 1 && !key.endsWith('/proxy')) throw noSuchPath();
  if (key === 'pods/log') return answer(log({ registry, scope, nodes }));
  if (dryRun) throw badRequest('dryRun is not supported');
  await admit(registry, scope, key);
  if (upgrading.has(key) && request.verb !== 'create')
    requireAccess(registry.authorizer, { ...attributesOf(request), verb: 'create' });
  return answer(connections[key]!({ registry, scope, nodes }));
}

const connected: Status = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 200 };

const answer = (connection: Connection): ApiResponse => ({ code: 200, object: connected, warnings: [], connection });

/** Options are what admission sees of a connection. */
async function admit(registry: Registry, scope: Scope, key: string): Promise<void> {
  const { query, subpath } = scope.request.connect!;
  const kind = { group: '', version: 'v1', kind: optionKinds[key]! };
  const { command, ...streams } = execOptionsOf(query);
  const options = {
    apiVersion: 'v1',
    kind: kind.kind,
    metadata: {},
    ...(key.endsWith('/proxy') ? { path: subpath } : key === 'pods/portforward' ? {} : streams),
    ...(key === 'pods/exec' ? { command } : {}),
  };
  await admitSent(registry, scope, 'CONNECT', kind, options);
}

const connections: Readonly<Record<string, (parts: Parts) => Connection>> = {
  'pods/exec': (parts) => command(parts, 'exec'),
  'pods/attach': (parts) => command(parts, 'attach'),
  'pods/portforward': ports,
  'pods/proxy': podProxy,
  'services/proxy': serviceProxy,
  'nodes/proxy': nodeProxy,
};

function storedPod({ registry, scope }: Parts, name: string): Pod {
  const pod = registry.storage.find('pods', scope.namespace, name) as Pod | undefined;
  if (!pod) throw notFound({ group: '', resource: 'pods' }, name);
  return pod;
}

/** A node that is not there is told as what was asked for: `pods "node1" not found`, as kube-apiserver does. */
function storedNode({ registry, scope }: Parts, name: string): Node {
  const node = registry.storage.find('nodes', '', name) as Node | undefined;
  if (!node) throw notFound({ group: '', resource: scope.request.path.resource }, name);
  return node;
}

function requireNode(parts: Parts, pod: Pod): void {
  const { nodeName } = pod.spec;
  if (!nodeName) throw badRequest(`pod ${pod.metadata.name} does not have a host assigned`);
  storedNode(parts, nodeName);
}

function log(parts: Parts): Connection {
  const { registry, scope, nodes } = parts;
  const { query } = scope.request.connect!;
  const options = logOptionsOf(query, scope.name, registry.world.clock.now());
  const pod = storedPod(parts, scope.name);
  const container = containerOf(pod, options.container);
  const { follow } = options.log;
  // A Pod that has no node yet has an empty log.
  if (!pod.spec.nodeName) return { kind: 'log', open: undefined, follow };
  storedNode(parts, pod.spec.nodeName);
  return { kind: 'log', follow, open: (signal) => nodes.logs({ pod, container }, options.log, signal) };
}

function command(parts: Parts, what: 'exec' | 'attach'): Connection {
  const { scope, nodes } = parts;
  const { container: asked, command: words, ...streams } = execOptionsOf(scope.request.connect!.query);
  const pod = storedPod(parts, scope.name);
  const target = { pod, container: containerOf(pod, asked) };
  requireNode(parts, pod);
  const stderr = streams.stderr && !streams.tty;
  return {
    kind: 'command',
    ...streams,
    stderr,
    action: what === 'exec' ? 'executing command in' : 'attaching to',
    prepare: () => {
      if (!streams.stdin && !streams.stdout && !stderr)
        throw new KubeletError(400, 'you must specify at least 1 of stdin, stdout, stderr');
      return what === 'exec' ? nodes.exec(target, words) : nodes.attach(target);
    },
  };
}

function ports(parts: Parts): Connection {
  const { scope, nodes } = parts;
  const asked = portsOf(scope.request.connect!.query);
  const pod = storedPod(parts, scope.name);
  requireNode(parts, pod);
  return {
    kind: 'ports',
    ports: asked,
    pod: `${pod.metadata.name}_${pod.metadata.namespace}`,
    prepare: () => nodes.portForward(pod),
  };
}

function proxy(
  { scope }: Parts,
  { scheme }: ProxyName,
  host: string,
  dial: Extract<Connection, { kind: 'proxy' }>['dial'],
): Connection {
  return { kind: 'proxy', scheme, host, path: scope.request.connect!.subpath, dial };
}

function podProxy(parts: Parts): Connection {
  const { scope, nodes } = parts;
  const asked = proxyName(scope.name, 'pod');
  const { ip, port } = podAddress(storedPod(parts, asked.name), asked);
  return proxy(parts, asked, `${ip}:${port}`, () => nodes.dialPod(ip, port, asked.scheme === 'https'));
}

function serviceProxy(parts: Parts): Connection {
  const { registry, scope, nodes } = parts;
  const asked = proxyName(scope.name, 'service');
  const { ip, port } = serviceAddress(registry.storage, scope.namespace, scope.name, asked, registry.world.random);
  return proxy(parts, asked, `${ip}:${port}`, () => nodes.dialPod(ip, port, asked.scheme === 'https'));
}

/** Where nodes that name no other have their kubelet. */
const kubeletPort = 10_250;

function nodeProxy(parts: Parts): Connection {
  const { scope, nodes } = parts;
  const asked = proxyName(scope.name, 'node');
  const node = storedNode(parts, asked.name);
  const addresses = node.status?.addresses ?? [];
  const address = (addresses.find(({ type }) => type === 'InternalIP') ?? addresses[0])?.address;
  if (!address) throw internalError(`no preferred addresses found; known addresses: []`);
  const own = node.status?.daemonEndpoints?.kubeletEndpoint?.Port || kubeletPort;
  const port = asked.port === '' ? own : Number(asked.port);
  // The kubelet's own port is spoken to as the kubelet wants it, whatever scheme is asked for.
  if (port === own)
    return proxy(parts, { ...asked, scheme: 'http' }, `${address}:${own}`, () => nodes.dialKubelet(asked.name));
  return proxy(parts, asked, `${address}:${port}`, () => nodes.dialPod(address, port, asked.scheme === 'https'));
}

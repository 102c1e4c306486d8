/**
 * Cluster IPs and node ports are taken just before a Service is stored, given back when that fails, and released when
 * it no longer holds them.
 */
import { checkClusterAddresses } from '#apis/kubernetes/native/validate/network/service-addresses.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import { invalidValue } from '#kube/status/causes.ts';
import { internalError, invalid } from '#kube/status/errors.ts';
import type { StatusCause } from '#kube/status/status.ts';
import type { Clock } from '#world/clock/clock.ts';
import type { World } from '#world/world.ts';
import type { CommitGuard } from '../registry/context.ts';
import type { Storage } from '../registry/storage.ts';
import { type Allocator, allocator, reservedOf } from './allocator.ts';
import { formatAddress, parseAddress, parseRange } from './cidr.ts';
import { withFamilies } from './families.ts';
import {
  clusterIpsOf,
  headless,
  needsClusterIp,
  needsHealthPort,
  needsNodePorts,
  nodePortsOf,
  type ServicePort,
  type ServiceSpec,
  specOf,
  withSpec,
} from './service.ts';

/** kube-apiserver's --service-node-port-range. */
const nodePortRange = { first: 30_000, last: 32_767 } as const;

interface Allocators {
  readonly addresses: Allocator;
  readonly range: string;
  readonly ports: Allocator;
}

/** Numbers taken for one write, so that they can be given back. */
interface Taking {
  readonly addresses: number[];
  readonly ports: number[];
}

/** Services whose numbers are noted at start before other work gets a turn: about 1 ms. */
const servicesPerTurn = 1_000;

export interface ServiceAllocation {
  readonly guard: CommitGuard;
  /** Notes what stored Services hold; to be awaited before Services are written. */
  readonly load: () => Promise<void>;
}

/** Follows Services from then on. */
export function serviceAllocation(storage: Storage, serviceCidr: string, { random, clock }: World): ServiceAllocation {
  const range = parseRange(serviceCidr);
  const { first, last } = nodePortRange;
  const all: Allocators = {
    addresses: allocator(range.first, range.last, reservedOf(range.last - range.first + 1), random),
    range: range.text,
    ports: allocator(first, last, 86, random),
  };
  storage.onCommit('services', ({ object, old, deleted }) => {
    const before = specOf(old);
    const after = deleted ? specOf(undefined) : specOf(object);
    release(all, before, after);
  });
  return { guard: guardOf(all), load: () => load(all, storage, clock) };
}

async function load(all: Allocators, storage: Storage, clock: Clock): Promise<void> {
  await storage.prepare('services', undefined);
  let noted = 0;
  for (const service of storage.list('services', undefined).items) {
    hold(all, specOf(service));
    if (++noted % servicesPerTurn === 0) await new Promise<void>((resolve) => clock.soon(resolve));
  }
}

function guardOf(all: Allocators): CommitGuard {
  const takings = new WeakMap<KubeObject, Taking>();
  return {
    before: (service, old, dryRun) => {
      const taking: Taking = { addresses: [], ports: [] };
      try {
        const allocated = withSpec(service, allocatedSpec(all, service, specOf(old), taking, dryRun));
        if (dryRun) giveBack(all, taking);
        else takings.set(allocated, taking);
        return allocated;
      } catch (error) {
        giveBack(all, taking);
        throw error;
      }
    },
    undo: (service) => {
      const taking = takings.get(service);
      if (taking) giveBack(all, taking);
    },
  };
}

function hold({ addresses, ports }: Allocators, spec: ServiceSpec): void {
  for (const address of clusterIpsOf(spec)) addresses.take(parseAddress(address) ?? -1);
  for (const port of nodePortsOf(spec)) ports.take(port);
}

function release({ addresses, ports }: Allocators, before: ServiceSpec, after: ServiceSpec): void {
  const kept = clusterIpsOf(after);
  for (const address of clusterIpsOf(before))
    if (!kept.includes(address)) addresses.release(parseAddress(address) ?? -1);
  const keptPorts = nodePortsOf(after);
  for (const port of nodePortsOf(before)) if (!keptPorts.includes(port)) ports.release(port);
}

function giveBack({ addresses, ports }: Allocators, taking: Taking): void {
  for (const address of taking.addresses) addresses.release(address);
  for (const port of taking.ports) ports.release(port);
}

function allocatedSpec(
  all: Allocators,
  service: KubeObject,
  before: ServiceSpec,
  taking: Taking,
  dryRun: boolean,
): ServiceSpec {
  const families = withFamilies(specOf(service), before);
  requireAddresses(service, families);
  const addressed = withClusterIp(all, service, families, before, taking, dryRun);
  const ported = withNodePorts(all, service, addressed, before, taking);
  return withHealthPort(all, service, ported, before, taking);
}

/** Services have one family here; headless ones without a selector may say any. */
function checkFamilies(findings: StatusCause[], spec: ServiceSpec): void {
  for (const [index, family] of (spec.ipFamilies ?? []).entries()) {
    if (family !== 'IPv6') continue;
    findings.push(invalidValue(`spec.ipFamilies[${index}]`, family, 'not configured on this cluster'));
  }
  if (spec.ipFamilyPolicy === 'RequireDualStack') {
    const text = 'this cluster is not configured for dual-stack services';
    findings.push(invalidValue('spec.ipFamilyPolicy', spec.ipFamilyPolicy, text));
  }
}

/** As kube-apiserver: addresses are judged before one is taken. Throws Invalid. */
function requireAddresses(service: KubeObject, spec: ServiceSpec): void {
  const findings: StatusCause[] = [];
  const clusterIPs = spec.clusterIP && !spec.clusterIPs?.length ? [spec.clusterIP] : spec.clusterIPs;
  if (spec.clusterIP !== 'None' || spec.selector) checkFamilies(findings, spec);
  if (findings.length > 0) throw invalid({ group: '', kind: 'Service' }, service.metadata.name ?? '', findings);
  checkClusterAddresses(findings, { ...spec, clusterIPs });
  if (findings.length > 0) throw invalid({ group: '', kind: 'Service' }, service.metadata.name ?? '', findings);
}

const refused = (service: KubeObject, field: string, value: unknown, why: string) =>
  invalid({ group: '', kind: 'Service' }, service.metadata.name ?? '', [invalidValue(field, value, why)]);

function withClusterIp(
  { addresses, range }: Allocators,
  service: KubeObject,
  spec: ServiceSpec,
  before: ServiceSpec,
  taking: Taking,
  dryRun: boolean,
): ServiceSpec {
  if (!needsClusterIp(spec)) return spec;
  if (spec.clusterIP === headless) return spec.clusterIPs?.length ? spec : { ...spec, clusterIPs: [headless] };
  const wanted = clusterIpsOf(spec);
  if (wanted.length === 0) {
    const next = addresses.takeNext();
    if (next === undefined) throw internalError('failed to allocate a serviceIP: range is full');
    taking.addresses.push(next);
    // A dry run promises no address: kube-apiserver shows the network's own.
    const text = formatAddress(dryRun ? addresses.first - 1 : next);
    return { ...spec, clusterIP: text, clusterIPs: [text] };
  }
  const held = clusterIpsOf(before);
  for (const text of wanted) {
    if (held.includes(text)) continue;
    const address = parseAddress(text);
    const why =
      address === undefined || !addresses.inRange(address)
        ? `the provided IP (${text}) is not in the valid range. The range of valid IPs is ${range}`
        : // A dry run looks at the range only.
          dryRun || addresses.take(address)
          ? undefined
          : 'provided IP is already allocated';
    if (why) throw refused(service, 'spec.clusterIPs', wanted, `failed to allocate IP ${text}: ${why}`);
    if (!dryRun) taking.addresses.push(address!);
  }
  return spec.clusterIPs?.length ? spec : { ...spec, clusterIPs: wanted };
}

/** Takes a port somebody asked for. Throws Invalid. */
function takePort({ ports }: Allocators, service: KubeObject, field: string, port: number, taking: Taking): void {
  const { first, last } = nodePortRange;
  if (!ports.inRange(port)) {
    throw refused(
      service,
      field,
      port,
      `provided port is not in the valid range. The range of valid ports is ${first}-${last}`,
    );
  }
  if (!ports.take(port)) throw refused(service, field, port, 'provided port is already allocated');
  taking.ports.push(port);
}

function takeNextPort({ ports }: Allocators, taking: Taking): number {
  const port = ports.takeNext();
  if (port === undefined) throw internalError('failed to allocate a nodePort: range is full');
  taking.ports.push(port);
  return port;
}

function withNodePorts(
  all: Allocators,
  service: KubeObject,
  spec: ServiceSpec,
  before: ServiceSpec,
  taking: Taking,
): ServiceSpec {
  if (!spec.ports) return spec;
  const own = new Set(nodePortsOf(before));
  const given = new Map<number, number>();
  const allocates = needsNodePorts(spec);
  const ports = spec.ports.map((port, index): ServicePort => {
    if (port.nodePort) {
      if (!own.has(port.nodePort)) {
        takePort(all, service, `spec.ports[${index}].nodePort`, port.nodePort, taking);
        own.add(port.nodePort);
      }
      return port;
    }
    if (!allocates) return port;
    // TCP and UDP of one port number share their node port.
    const shared = port.port === undefined ? undefined : given.get(port.port);
    const free =
      shared !== undefined &&
      !spec.ports!.some((other) => other.nodePort === shared && other.protocol === port.protocol);
    const nodePort = free ? shared : takeNextPort(all, taking);
    if (port.port !== undefined && !given.has(port.port)) given.set(port.port, nodePort);
    return { ...port, nodePort };
  });
  return ports.every((port, index) => port === spec.ports![index]) ? spec : { ...spec, ports };
}

function withHealthPort(
  all: Allocators,
  service: KubeObject,
  spec: ServiceSpec,
  before: ServiceSpec,
  taking: Taking,
): ServiceSpec {
  if (!needsHealthPort(spec)) return spec;
  const port = spec.healthCheckNodePort;
  if (!port) return { ...spec, healthCheckNodePort: takeNextPort(all, taking) };
  if (!nodePortsOf(before).includes(port)) takePort(all, service, 'spec.healthCheckNodePort', port, taking);
  return spec;
}

import { beforeEach, describe, expect, it } from 'vitest';
import { seededRandom } from '#world/random/seeded.ts';
import { type Cluster, refusalText, startCluster } from '../serve.cases.ts';
import { allocator, reservedOf } from './allocator.ts';
import { formatAddress, parseAddress, parseRange } from './cidr.ts';

const services = 'v1/services/default';
const service = (name: string, spec: object = {}) => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name },
  spec: { selector: { app: name }, ports: [{ port: 80 }], ...spec },
});
interface Spec {
  readonly clusterIP?: string;
  readonly clusterIPs?: readonly string[];
  readonly ipFamilies?: readonly string[];
  readonly ipFamilyPolicy?: string;
  readonly healthCheckNodePort?: number;
  readonly ports: readonly { readonly nodePort?: number; readonly port: number }[];
}
const specOf = (object: unknown) => (object as { spec: Spec }).spec;

describe('cluster IPs', () => {
  let cluster: Cluster;
  beforeEach(async () => {
    cluster = await startCluster({ endpoint: { address: '10.200.0.1', port: 16443 } });
  });

  it('are given, once each, and the same under the same seed', async () => {
    const other = await startCluster({ endpoint: { address: '10.200.0.1', port: 16443 } });
    for (const name of ['a', 'b', 'c']) {
      const spec = specOf(await cluster.create(services, service(name)));
      expect(spec.clusterIP).toMatch(/^10\.96\.\d+\.\d+$/);
      expect(spec).toMatchObject({ clusterIPs: [spec.clusterIP], ipFamilies: ['IPv4'], ipFamilyPolicy: 'SingleStack' });
      expect(specOf(await other.create(services, service(name))).clusterIP).toBe(spec.clusterIP);
    }
  });

  it('are taken as asked, when they are free and in range', async () => {
    const asked = service('a', { clusterIP: '10.96.0.10' });
    expect(specOf(await cluster.create(services, asked))).toMatchObject({
      clusterIP: '10.96.0.10',
      clusterIPs: ['10.96.0.10'],
    });
    expect(await refusalText(cluster.create(services, service('b', { clusterIP: '10.96.0.10' })))).toBe(
      '422 Invalid: Service "b" is invalid: spec.clusterIPs: Invalid value: ["10.96.0.10"]: failed to allocate IP 10.96.0.10: provided IP is already allocated',
    );
    expect(await refusalText(cluster.create(services, service('b', { clusterIP: '10.97.0.10' })))).toBe(
      '422 Invalid: Service "b" is invalid: spec.clusterIPs: Invalid value: ["10.97.0.10"]: failed to allocate IP 10.97.0.10: the provided IP (10.97.0.10) is not in the valid range. The range of valid IPs is 10.96.0.0/16',
    );
    await cluster.remove(`${services}/a`);
    expect(specOf(await cluster.create(services, service('b', { clusterIP: '10.96.0.10' }))).clusterIP).toBe(
      '10.96.0.10',
    );
  });

  it('stay when a manifest without them is sent again', async () => {
    const created = await cluster.create(services, service('a'));
    expect(await cluster.update(`${services}/a`, service('a'))).toEqual(created);
  });

  it('are none for headless Services and for external names', async () => {
    expect(specOf(await cluster.create(services, service('a', { clusterIP: 'None' })))).toMatchObject({
      clusterIPs: ['None'],
      ipFamilies: ['IPv4'],
      ipFamilyPolicy: 'SingleStack',
    });
    expect(
      specOf(await cluster.create(services, service('b', { clusterIP: 'None', selector: undefined }))),
    ).toMatchObject({
      ipFamilies: ['IPv4', 'IPv6'],
      ipFamilyPolicy: 'RequireDualStack',
    });
    const external = { type: 'ExternalName', externalName: 'example.com', ports: undefined, selector: undefined };
    const spec = specOf(await cluster.create(services, service('c', external)));
    expect(spec).toEqual({ type: 'ExternalName', externalName: 'example.com', sessionAffinity: 'None' });
  });

  it('go back when a Service becomes an external name, and when a write fails', async () => {
    const created = await cluster.create(services, service('a', { clusterIP: '10.96.0.10' }));
    await cluster.update(`${services}/a`, {
      ...created,
      spec: { ...(created.spec as object), type: 'ExternalName', externalName: 'x.y', clusterIP: '', clusterIPs: [] },
    });
    await cluster.create(services, service('b', { clusterIP: '10.96.0.10' }));
    await refusalText(cluster.create(services, service('b', { clusterIP: '10.96.0.11' })));
    await cluster.create(services, service('c', { clusterIP: '10.96.0.12' }), { dryRun: true });
    await cluster.create(services, service('d', { clusterIP: '10.96.0.11' }));
    await cluster.create(services, service('e', { clusterIP: '10.96.0.12' }));
  });

  it('are not promised by a dry run', async () => {
    expect(specOf(await cluster.create(services, service('a'), { dryRun: true })).clusterIP).toBe('10.96.0.0');
  });

  it('are remembered by the next server on the same store', async () => {
    await cluster.create(
      services,
      service('a', { clusterIP: '10.96.0.10', type: 'NodePort', ports: [{ port: 80, nodePort: 30000 }] }),
    );
    const again = await startCluster({ store: cluster.store });
    expect(await refusalText(again.create(services, service('b', { clusterIP: '10.96.0.10' })))).toContain(
      'provided IP is already allocated',
    );
    const ports = { type: 'NodePort', ports: [{ port: 80, nodePort: 30000 }] };
    expect(await refusalText(again.create(services, service('b', ports)))).toContain(
      'provided port is already allocated',
    );
  });

  it('run out', async () => {
    const tiny = await startCluster({ serviceCidr: '10.0.0.0/30' });
    await tiny.create(services, service('a'));
    await tiny.create(services, service('b'));
    expect(await refusalText(tiny.create(services, service('c')))).toBe(
      '500 InternalError: Internal error occurred: failed to allocate a serviceIP: range is full',
    );
    await tiny.remove(`${services}/a`);
    await tiny.create(services, service('c'));
  });
});

describe('node ports', () => {
  let cluster: Cluster;
  beforeEach(async () => {
    cluster = await startCluster();
  });

  it('are given from the range, and taken as asked', async () => {
    const [port] = specOf(await cluster.create(services, service('a', { type: 'NodePort' }))).ports;
    expect(port?.nodePort).toBeGreaterThanOrEqual(30_000);
    expect(port?.nodePort).toBeLessThanOrEqual(32_767);
    const asked = { type: 'NodePort', ports: [{ port: 80, nodePort: 30000 }] };
    await cluster.create(services, service('b', asked));
    expect(await refusalText(cluster.create(services, service('c', asked)))).toBe(
      '422 Invalid: Service "c" is invalid: spec.ports[0].nodePort: Invalid value: 30000: provided port is already allocated',
    );
    expect(
      await refusalText(
        cluster.create(services, service('c', { type: 'NodePort', ports: [{ port: 80, nodePort: 80 }] })),
      ),
    ).toBe(
      '422 Invalid: Service "c" is invalid: spec.ports[0].nodePort: Invalid value: 80: provided port is not in the valid range. The range of valid ports is 30000-32767',
    );
    await cluster.remove(`${services}/b`);
    await cluster.create(services, service('c', asked));
  });

  it('go back when the type no longer has them', async () => {
    const asked = { type: 'NodePort', ports: [{ port: 80, nodePort: 30000 }] };
    await cluster.create(services, service('a', asked));
    const plain = await cluster.patch(`${services}/a`, 'merge', { spec: { type: 'ClusterIP' } });
    expect(specOf(plain).ports[0]).not.toHaveProperty('nodePort');
    await cluster.create(services, service('b', asked));
  });

  it('are shared by the protocols of one port', async () => {
    const ports = [
      { name: 'tcp', port: 53, protocol: 'TCP' },
      { name: 'udp', port: 53, protocol: 'UDP' },
      { name: 'other', port: 54 },
    ];
    const [tcp, udp, other] = specOf(await cluster.create(services, service('a', { type: 'NodePort', ports }))).ports;
    expect(tcp?.nodePort).toBe(udp?.nodePort);
    expect(other?.nodePort).not.toBe(tcp?.nodePort);
  });

  it('check the health of local load balancers', async () => {
    const local = { type: 'LoadBalancer', externalTrafficPolicy: 'Local' };
    const spec = specOf(await cluster.create(services, service('a', local)));
    expect(spec.healthCheckNodePort).toBeGreaterThanOrEqual(30_000);
    const without = { type: 'LoadBalancer', allocateLoadBalancerNodePorts: false };
    expect(specOf(await cluster.create(services, service('b', without))).ports[0]).not.toHaveProperty('nodePort');
  });
});

describe('default/kubernetes', () => {
  it('leads to the API server, also after it has moved', async () => {
    const cluster = await startCluster({ endpoint: { address: '10.200.0.1', port: 16443 } });
    const kubernetes = await cluster.get(`${services}/kubernetes`);
    expect(kubernetes).toMatchObject({
      metadata: { labels: { component: 'apiserver', provider: 'kubernetes' } },
      spec: {
        clusterIP: '10.96.0.1',
        clusterIPs: ['10.96.0.1'],
        internalTrafficPolicy: 'Cluster',
        ipFamilies: ['IPv4'],
        ipFamilyPolicy: 'SingleStack',
        ports: [{ name: 'https', port: 443, protocol: 'TCP', targetPort: 16443 }],
        sessionAffinity: 'None',
        type: 'ClusterIP',
      },
      status: { loadBalancer: {} },
    });
    const moved = await startCluster({ store: cluster.store, endpoint: { address: '10.200.0.1', port: 17443 } });
    expect(specOf(await moved.get(`${services}/kubernetes`))).toMatchObject({
      clusterIP: '10.96.0.1',
      ports: [{ targetPort: 17443 }],
    });
    expect(await moved.get('discovery.k8s.io/v1/endpointslices/default/kubernetes')).toMatchObject({
      addressType: 'IPv4',
      endpoints: [{ addresses: ['10.200.0.1'] }],
      ports: [{ port: 17443 }],
    });
    expect(await moved.get('v1/endpoints/default/kubernetes')).toMatchObject({
      subsets: [{ ports: [{ port: 17443 }] }],
    });
  });
});

describe('a server on loopback', () => {
  it('has the Service, and no endpoints that no Pod could reach', async () => {
    const cluster = await startCluster({ endpoint: { address: '127.0.0.1', port: 16443 } });
    await cluster.get(`${services}/kubernetes`);
    expect(await refusalText(cluster.get('v1/endpoints/default/kubernetes'))).toContain('404 NotFound');
  });
});

describe('ranges', () => {
  it('are read and written', () => {
    const { first, last } = parseRange('10.96.0.0/16');
    expect([formatAddress(first), formatAddress(last)]).toEqual(['10.96.0.1', '10.96.255.254']);
    expect(parseAddress('10.0.0.256')).toBeUndefined();
    expect(() => parseRange('10.0.0.0/33')).toThrow(RangeError);
    expect(() => parseRange('fd00::/108')).toThrow(RangeError);
  });

  it('keep a part for requests until all else is taken', () => {
    expect([reservedOf(14), reservedOf(62), reservedOf(254), reservedOf(65_534)]).toEqual([0, 16, 16, 256]);
    const { takeNext, release } = allocator(1, 40, 16, seededRandom(1));
    const first = Array.from({ length: 24 }, takeNext);
    expect(Math.min(...(first as number[]))).toBe(17);
    expect(takeNext()).toBeLessThan(17);
    release(20);
    expect(takeNext()).toBe(20);
  });
});

import { describe, expect, test } from 'vitest';
import type { NodeSelectorRequirement, PodSpec, Taint, Toleration } from '../types.ts';
import { asksFor, namedNodes, preferenceFor } from './node-affinity.ts';
import { collide, hostPortsOf } from './ports.ts';
import { podRequests } from './requests.ts';
import { tolerates, untolerated } from './taints.ts';

const container = (more: Partial<PodSpec['containers'][0]> = {}) => ({ name: 'web', image: 'nginx', ...more });
const requests = (cpu: string, memory: string) => ({ resources: { requests: { cpu, memory } } });
const spec = (more: Partial<PodSpec> = {}): PodSpec => ({ containers: [container()], ...more });

describe('requests', () => {
  test('add up over containers and sidecars; an init container counts where it needs more', () => {
    const amounts = podRequests(
      spec({
        containers: [container(requests('100m', '64Mi')), container(requests('1', '1Gi'))],
        initContainers: [
          container({ ...requests('50m', '64Mi'), restartPolicy: 'Always' }),
          container(requests('2', '128Mi')),
        ],
      }),
    );
    // 2 and the sidecar before it for CPU; for memory what runs in the end.
    expect(Object.fromEntries(amounts)).toEqual({ cpu: 2_050, memory: (64 + 1024 + 64) * 2 ** 20 });
  });

  test('what the Pod as a whole says goes before its containers, and overhead comes on top', () => {
    const amounts = podRequests(
      spec({
        containers: [container(requests('100m', '64Mi'))],
        resources: { requests: { cpu: '3' } },
        overhead: { cpu: '250m' },
      }),
    );
    expect(Object.fromEntries(amounts)).toEqual({ cpu: 3_250, memory: 64 * 2 ** 20 });
  });

  test('nothing said is nothing', () => expect(podRequests(spec()).size).toBe(0));
});

describe('taints', () => {
  const taint: Taint = { key: 'team', value: 'shop', effect: 'NoSchedule' };
  test.each<[string, Toleration, boolean]>([
    ['everything', { operator: 'Exists' }, true],
    ['the key', { key: 'team', operator: 'Exists' }, true],
    ['the value', { key: 'team', value: 'shop' }, true],
    ['another value', { key: 'team', value: 'bank' }, false],
    ['another effect', { key: 'team', operator: 'Exists', effect: 'NoExecute' }, false],
    ['another key', { key: 'gpu', operator: 'Exists' }, false],
  ])('%s', (_, toleration, expected) => expect(tolerates(toleration, taint)).toBe(expected));

  test('numbers compare', () => {
    const tier: Taint = { key: 'tier', value: '3', effect: 'NoSchedule' };
    expect(tolerates({ key: 'tier', operator: 'Gt', value: '2' }, tier)).toBe(true);
    expect(tolerates({ key: 'tier', operator: 'Lt', value: '2' }, tier)).toBe(false);
    expect(tolerates({ key: 'tier', operator: 'Gt', value: '2' }, { ...tier, value: 'high' })).toBe(false);
  });

  test('only the effects asked for count', () => {
    expect(untolerated([taint], undefined, ['NoExecute'])).toBeUndefined();
    expect(untolerated([taint], undefined, ['NoSchedule'])).toBe(taint);
  });
});

describe('node affinity', () => {
  const node = { metadata: { name: 'n1', labels: { zone: 'a', size: '8' } } };
  const required = (...matchExpressions: NodeSelectorRequirement[]): PodSpec =>
    spec({
      affinity: {
        nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions }] } },
      },
    });

  test('every label of the node selector', () => {
    expect(asksFor(spec({ nodeSelector: { zone: 'a' } }), node)).toBe(true);
    expect(asksFor(spec({ nodeSelector: { zone: 'a', disk: 'ssd' } }), node)).toBe(false);
  });

  test.each<[NodeSelectorRequirement, boolean]>([
    [{ key: 'zone', operator: 'In', values: ['a', 'b'] }, true],
    [{ key: 'zone', operator: 'NotIn', values: ['a'] }, false],
    [{ key: 'disk', operator: 'NotIn', values: ['ssd'] }, true],
    [{ key: 'disk', operator: 'Exists' }, false],
    [{ key: 'disk', operator: 'DoesNotExist' }, true],
    [{ key: 'size', operator: 'Gt', values: ['7'] }, true],
    [{ key: 'size', operator: 'Lt', values: ['8'] }, false],
  ])('%j', (requirement, expected) => expect(asksFor(required(requirement), node)).toBe(expected));

  test('an empty term matches nothing', () => expect(asksFor(required(), node)).toBe(false));

  test('Pods of a DaemonSet name their node', () => {
    const pinned = (name: string) =>
      spec({
        affinity: {
          nodeAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: {
              nodeSelectorTerms: [{ matchFields: [{ key: 'metadata.name', operator: 'In', values: [name] }] }],
            },
          },
        },
      });
    expect(namedNodes(pinned('n1'))).toEqual(['n1']);
    expect(asksFor(pinned('n1'), node)).toBe(true);
    expect(asksFor(pinned('n2'), node)).toBe(false);
    expect(namedNodes(required({ key: 'zone', operator: 'Exists' }))).toBeUndefined();
  });

  test('preferences add up', () => {
    const preferring = (key: string, weight: number) => ({
      weight,
      preference: { matchExpressions: [{ key, operator: 'Exists' as const }] },
    });
    const preferred = {
      preferredDuringSchedulingIgnoredDuringExecution: [preferring('zone', 5), preferring('disk', 3)],
    };
    expect(preferenceFor(spec({ affinity: { nodeAffinity: preferred } }), node)).toBe(5);
  });
});

test('host ports collide on one address, or when one of them takes every address', () => {
  const ports = (hostIP?: string) =>
    hostPortsOf(
      spec({
        containers: [container({ ports: [{ containerPort: 80, hostPort: 8080, ...(hostIP ? { hostIP } : {}) }] })],
      }),
    );
  const [every] = ports();
  const [first] = ports('10.0.0.1');
  const [second] = ports('10.0.0.2');
  expect(collide(every!, first!)).toBe(true);
  expect(collide(first!, second!)).toBe(false);
  expect(collide(first!, { ...first!, protocol: 'UDP' })).toBe(false);
  expect(hostPortsOf(spec({ containers: [container({ ports: [{ containerPort: 80 }] })] }))).toEqual([]);
});

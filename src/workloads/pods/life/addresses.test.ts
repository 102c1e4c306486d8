import { expect, test } from 'vitest';
import type { Node } from '#apis/kubernetes/types.ts';
import { podAddresses } from './addresses.ts';
import { podOn } from './life.cases.ts';

const node = (podCIDR?: string): Node => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name: 'n1' },
  spec: podCIDR ? { podCIDR } : {},
});
const pod = (uid: string, podIP?: string) => ({ ...podOn('n1', {}, { uid }), status: podIP ? { podIP } : {} });

test('one after the other, the same for the same Pod', () => {
  const addresses = podAddresses();
  const range = node('10.31.16.0/20');
  expect(addresses.addressFor(pod('a'), range)).toBe('10.31.16.1');
  expect(addresses.addressFor(pod('b'), range)).toBe('10.31.16.2');
  expect(addresses.addressFor(pod('a'), range)).toBe('10.31.16.1');
});

test('what Pods say they have is not given to others', () => {
  const addresses = podAddresses();
  addresses.keep(pod('old', '10.31.0.1'));
  expect(addresses.addressFor(pod('a'), node('10.31.0.0/20'))).toBe('10.31.0.2');
});

test('a full range has none until one is released', () => {
  const addresses = podAddresses();
  const tiny = node('10.0.0.0/30');
  expect([addresses.addressFor(pod('a'), tiny), addresses.addressFor(pod('b'), tiny)]).toEqual([
    '10.0.0.1',
    '10.0.0.2',
  ]);
  expect(addresses.addressFor(pod('c'), tiny)).toBeUndefined();
  addresses.release(pod('a'));
  expect(addresses.addressFor(pod('c'), tiny)).toBe('10.0.0.1');
});

test('a node without a range gives none', () => {
  expect(podAddresses().addressFor(pod('a'), node())).toBeUndefined();
});

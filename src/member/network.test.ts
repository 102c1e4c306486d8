import { expect, it } from 'vitest';
import { memberNetwork } from './network.ts';

it('shares the addresses of a member among its nodes', () => {
  expect([0, 1].map(memberNetwork(0).podCidr)).toEqual(['10.31.0.0/17', '10.31.128.0/17']);
  const many = memberNetwork(20, 16);
  expect([0, 1, 15].map(many.podCidr)).toEqual(['10.52.0.0/20', '10.52.16.0/20', '10.52.240.0/20']);
  expect(memberNetwork(0, 3).podCidr(2)).toBe('10.31.128.0/18');
  expect([1, 2, 3, 16].map((nodes) => memberNetwork(0, nodes).podsOfNode)).toEqual([24_000, 24_000, 12_000, 3_000]);
  expect(() => memberNetwork(0, 17)).toThrow(RangeError);
});

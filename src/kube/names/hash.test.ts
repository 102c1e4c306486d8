import { expect, test } from 'vitest';
import { fnv1a32, safeEncode } from './hash.ts';

/** As Work names are made: the decimal hash of `namespace-name-kind`, encoded. */
const workHash = (...parts: readonly string[]) => safeEncode(String(fnv1a32(parts.join('-').toLowerCase())));

test('FNV-1a has its published values', () => {
  expect(fnv1a32('')).toBe(0x811c9dc5);
  expect(fnv1a32('a')).toBe(0xe40c292c);
  expect(fnv1a32('foobar')).toBe(0xbf9cf968);
});

test('hashes bytes, not UTF-16 units', () => {
  // 'é' is c3 a9 in UTF-8.
  const byHand = Math.imul(Math.imul(0x811c9dc5 ^ 0xc3, 0x01000193) ^ 0xa9, 0x01000193) >>> 0;
  expect(fnv1a32('é')).toBe(byHand);
  expect(safeEncode('é')).toHaveLength(2);
});

test('Work names are those of the reference control plane', () => {
  expect(workHash('default', 'web', 'Deployment')).toBe('7b7cc5b9ff');
  expect(workHash('default', 'nginx-deploy', 'Deployment')).toBe('64858d5cb7');
  expect(workHash('default', 'nginx-svc', 'Service')).toBe('577499b66');
  expect(workHash('default', 'kubernetes', 'Service')).toBe('5b7b897df9');
});

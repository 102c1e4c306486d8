import { isIP } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAddress, parseRange, strictlyContains } from './addresses.ts';

describe('parseAddress', () => {
  it('knows every address', () => {
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), (text) => {
        expect(parseAddress(text)?.family).toBe(isIP(text));
      }),
    );
  });

  it.each(['', '1.2.3', '1.2.3.256', '1.2.3.4.5', ':::', '1::2::3', 'fe80::1%eth0', '1:2:3:4:5:6:7', 'a.b'])(
    'does not take %j for one',
    (text) => {
      expect(parseAddress(text)).toBeUndefined();
    },
  );
});

describe('leading zeros', () => {
  it('are read over, as long as kube-apiserver does so', () => {
    expect(parseAddress('010.0.0.01')?.bytes).toEqual([10, 0, 0, 1]);
    expect(parseRange('10.0.0.0/08')?.prefix).toBe(8);
  });
});

describe('parseRange', () => {
  it.each(['10.0.0.0/8', '0.0.0.0/0', 'fd00::/64', '::/128'])('reads %s', (text) => {
    expect(parseRange(text)).toBeDefined();
  });

  it.each(['10.0.0.0', '10.0.0.0/33', '10.0.0.0/-1', 'fd00::/129', '/8'])('refuses %s', (text) => {
    expect(parseRange(text)).toBeUndefined();
  });

  it('tells what lies strictly inside', () => {
    const contains = (outer: string, inner: string): boolean =>
      strictlyContains(parseRange(outer)!, parseRange(inner)!);
    expect(contains('10.0.0.0/8', '10.1.0.0/16')).toBe(true);
    expect(contains('10.0.0.0/8', '10.0.0.0/8')).toBe(false);
    expect(contains('10.0.0.0/8', '11.0.0.0/16')).toBe(false);
    expect(contains('0.0.0.0/0', 'fd00::/64')).toBe(false);
    expect(contains('10.0.0.0/12', '10.15.0.0/16')).toBe(true);
    expect(contains('10.0.0.0/12', '10.16.0.0/16')).toBe(false);
  });
});

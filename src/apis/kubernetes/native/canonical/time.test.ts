import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalMicroTime, canonicalTime } from './time.ts';

describe('canonicalTime', () => {
  it.each([
    ['2026-01-02T03:04:05Z', '2026-01-02T03:04:05Z'],
    ['2026-01-02T03:04:05.999Z', '2026-01-02T03:04:05Z'],
    ['2026-01-01T00:30:00+01:00', '2025-12-31T23:30:00Z'],
    ['2024-02-28T23:30:00-01:00', '2024-02-29T00:30:00Z'],
    ['2100-02-28T23:30:00-01:00', '2100-03-01T00:30:00Z'],
    ['yesterday', 'yesterday'],
  ])('%s is %s', (text, expected) => {
    expect(canonicalTime(text)).toBe(expected);
  });

  it('names the same moment in every zone', () => {
    const moment = fc.integer({ min: Date.UTC(1900, 0) / 1000, max: Date.UTC(2200, 0) / 1000 });
    fc.assert(
      fc.property(moment, fc.integer({ min: -14 * 60, max: 14 * 60 }), (seconds, offset) => {
        const local = new Date((seconds + offset * 60) * 1000).toISOString().slice(0, 19);
        const two = (value: number): string => String(Math.floor(value)).padStart(2, '0');
        const zone = `${offset < 0 ? '-' : '+'}${two(Math.abs(offset) / 60)}:${two(Math.abs(offset) % 60)}`;
        expect(canonicalTime(`${local}${zone}`)).toBe(`${new Date(seconds * 1000).toISOString().slice(0, 19)}Z`);
      }),
    );
  });
});

describe('canonicalMicroTime', () => {
  it.each([
    ['2026-01-02T03:04:05.000001Z', '2026-01-02T03:04:05.000001Z'],
    ['2026-01-02T03:04:05Z', '2026-01-02T03:04:05.000000Z'],
    ['2026-01-02T03:04:05.1234567+00:30', '2026-01-02T02:34:05.123456Z'],
  ])('%s is %s', (text, expected) => {
    expect(canonicalMicroTime(text)).toBe(expected);
  });
});

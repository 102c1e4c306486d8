import { describe, expect, it } from 'vitest';
import { describeDifferences } from './differences.ts';

describe('describeDifferences', () => {
  it('names each place', () => {
    const before = { a: 1, list: [{ b: 'x' }, 2], gone: true };
    const after = { a: 2, list: [{ b: 'y' }, 2], added: null };
    expect(describeDifferences(before, after, 'spec')).toBe(
      [
        '',
        '  spec.a: 1 -> 2',
        '  spec.list[0].b: "x" -> "y"',
        '  spec.gone: true -> <unset>',
        '  spec.added: <unset> -> null',
      ].join('\n'),
    );
  });

  it('names lists of other lengths as a whole', () => {
    expect(describeDifferences([1], [1, 2], 'list')).toBe('\n  list: [1] -> [1,2]');
  });

  it('stops after twenty', () => {
    const many = (value: number): object =>
      Object.fromEntries(Array.from({ length: 25 }, (_, at) => [`k${at}`, value]));
    const lines = describeDifferences(many(1), many(2), 's').split('\n');
    expect(lines).toHaveLength(22);
    expect(lines.at(-1)).toBe('  … and 5 more');
  });
});

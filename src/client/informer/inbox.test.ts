import { describe, expect, it } from 'vitest';
import type { Turns } from '#world/clock/turns.ts';
import { inbox, mostWaiting } from './inbox.ts';

/** Turns with room for so many steps each. */
function countedTurns(steps: number) {
  let left = steps;
  const waiting: (() => void)[] = [];
  const turns: Turns = { hasTime: () => left-- > 0, busy: () => false, later: (run) => waiting.push(run) };
  const turn = () => {
    left = steps;
    waiting.shift()?.();
  };
  return { turns, turn, waiting };
}

describe('an inbox', () => {
  it('works at once while there is time, else in order in later turns, long work in slices', () => {
    const { turns, turn, waiting } = countedTurns(3);
    const seen: string[] = [];
    const box = inbox(turns, () => {});
    function* long(): Iterator<void> {
      for (let i = 1; i <= 5; i++) {
        seen.push(`long ${i}`);
        yield;
      }
    }
    box.add(() => void seen.push('at once') as undefined);
    box.add(() => long());
    box.add(() => void seen.push('after') as undefined);
    expect(seen).toEqual(['at once', 'long 1', 'long 2']);
    turn();
    expect(seen.at(-1)).toBe('long 5');
    while (waiting.length > 0) turn();
    expect(seen.at(-1)).toBe('after');
    box.add(() => void seen.push('at once again') as undefined);
    expect(seen.at(-1)).toBe('at once again');
  });

  it('goes on after work that throws', () => {
    const { turns, turn } = countedTurns(1);
    const seen: unknown[] = [];
    const box = inbox(turns, (error) => seen.push((error as Error).message));
    box.add(() => {
      throw new Error('broken');
    });
    box.add(() => void seen.push('next') as undefined);
    turn();
    turn();
    expect(seen).toEqual(['broken', 'next']);
  });

  it('refuses beyond its limit, and forgets when cleared', () => {
    const { turns, turn } = countedTurns(0);
    const seen: string[] = [];
    const box = inbox(turns, () => {});
    let taken = 0;
    while (box.add(() => void seen.push('late') as undefined)) taken++;
    expect(taken).toBe(mostWaiting);
    box.clear();
    turn();
    expect(seen).toEqual([]);
    expect(box.add(() => undefined)).toBe(true);
  });
});

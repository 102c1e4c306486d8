import { describe, expect, it } from 'vitest';
import { memberTurns } from './member-turns.ts';

describe('memberTurns', () => {
  it('keeps a slow member from taking more than its share, and wakes what waits', async () => {
    const woken: string[] = [];
    const turns = memberTurns(2, (key) => woken.push(key));
    const gates = [1, 2].map(() => Promise.withResolvers<string>());
    const running = gates.map((gate, i) => turns.take('slow', `slow/${i}`, () => gate.promise));
    expect(await turns.take('slow', 'slow/3', async () => 'never')).toBeUndefined();
    expect(await turns.take('quick', 'quick/1', async () => 'served')).toBe('served');
    expect(woken).toEqual([]);
    gates[0]!.resolve('first');
    expect(await running[0]).toBe('first');
    expect(woken).toEqual(['slow/3']);
    expect(await turns.take('slow', 'slow/3', async () => 'now')).toBe('now');
    gates[1]!.reject(new Error('away'));
    await expect(running[1]).rejects.toThrow('away');
    expect(woken).toEqual(['slow/3']);
  });
});

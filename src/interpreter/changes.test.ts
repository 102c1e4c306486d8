import { expect, it } from 'vitest';
import { simulatedClock } from '#world/clock/simulated.ts';
import { meaningChanges } from './changes.ts';

it('changes that come together are told together, of all they are about', async () => {
  const clock = simulatedClock();
  const { changed, onChange } = meaningChanges(clock);
  const heard: string[] = [];
  const kinds = ['A', 'B', 'C'];
  for (const who of ['x', 'y'])
    onChange((affects) => heard.push(`${who}: ${kinds.filter((kind) => affects('v1', kind)).join()}`));
  for (const about of ['A', 'B', 'A']) changed((_, kind) => kind === about);
  expect(heard).toEqual([]);
  await clock.advance(100);
  expect(heard).toEqual(['x: A,B', 'y: A,B']);
  await clock.advance(1_000);
  changed((_, kind) => kind === 'C');
  await clock.advance(100);
  expect(heard.slice(2)).toEqual(['x: C', 'y: C']);
});

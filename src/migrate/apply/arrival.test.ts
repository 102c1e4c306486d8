/** What is waited for may change while it is waited for, and who is asked may not answer for a moment. */
import { expect, test } from 'vitest';
import type { Binding } from '#apis/work/binding.ts';
import type { UnstructuredObject } from '#kube/meta/object.ts';
import { forbidden, serviceUnavailable } from '#kube/status/errors.ts';
import { simulatedClock } from '#world/clock/simulated.ts';
import type { PlannedObject } from '../model.ts';
import { arrival } from './arrival.ts';
import type { CheckOptions } from './check.ts';

/** A control plane that answers lists as it is told to, then with nothing; `asked` counts them. */
function waiting(...answers: readonly Error[]) {
  const clock = simulatedClock(0);
  const left = [...answers];
  let asked = 0;
  const list = async () => {
    asked++;
    const error = left.shift();
    if (error) throw error;
    return { metadata: {}, items: [] };
  };
  const control = { client: { resource: () => ({ list }) } };
  const check = { from: { cluster: 'member1' }, others: [], control } as unknown as CheckOptions;
  const arrived = arrival(check, clock);
  const look = () =>
    arrived({} as PlannedObject, {} as UnstructuredObject, { spec: { clusters: [] } } as unknown as Binding);
  return { clock, look, asked: () => asked };
}

test('a control plane that is busy is asked again, and one that refuses is not', async () => {
  const { look } = waiting(serviceUnavailable('restarting'));
  expect(await look()).toContain('restarting');
  expect(await look()).toBeUndefined();
  await expect(waiting(forbidden({ resource: 'x' } as never, 'y', 'no')).look()).rejects.toThrow('no');
});

test('override policies are read again, and not at each look', async () => {
  const { clock, look, asked } = waiting();
  for (let i = 0; i < 3; i++) await look();
  const once = asked();
  await clock.advance(5_000);
  await look();
  expect(asked()).toBe(2 * once);
});

import { expect, it } from 'vitest';
import { simulatedClock } from '#world/clock/simulated.ts';
import { memoryStore } from './memory.ts';

const key = (name: string) => ({ space: 'member1', resource: 'pods', namespace: 'default', name });
const pod = (name: string) => ({ apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace: 'default' } });

it('creates nothing while memory is nearly full, changes and deletes, and goes on when there is room', async () => {
  const clock = simulatedClock();
  const limit = 2 ** 30;
  let used = 0;
  const store = memoryStore({ clock, heap: () => ({ used, limit }) });
  const first = store.create(key('a'), pod('a'));
  used = 0.9 * limit;
  await clock.advance(100);
  expect(() => store.create(key('b'), pod('b'))).toThrow(
    'there is no memory for more objects (922 MiB of 1024 MiB are in use); nothing is lost, and what exists can be ' +
      'changed and deleted: delete what is not needed, or start with NODE_OPTIONS=--max-old-space-size=2048',
  );
  expect(store.create(key('a'), pod('a'))).toMatchObject({ ok: false, reason: 'exists' });
  expect(store.update(key('a'), pod('a'), (first as { revision: number }).revision)).toMatchObject({ ok: true });
  expect(store.delete(key('a'))).toMatchObject({ ok: true });
  used = 0.5 * limit;
  await clock.advance(100);
  expect(store.create(key('b'), pod('b'))).toMatchObject({ ok: true });
});

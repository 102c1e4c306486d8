/** Texts of lists are remembered within their bounds, and not for longer than somebody lists. */
import { expect, it } from 'vitest';
import type { KubeObject } from '#kube/meta/object.ts';
import { simulatedClock } from '#world/clock/simulated.ts';
import { listedTexts } from './listed-texts.ts';

const object = (name: string): KubeObject => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name } });
/** How often it is read as JSON: once for each time it is written anew. */
function counted(name: string) {
  let written = 0;
  const value = { ...object(name), toJSON: () => ({ ...object(name), written: ++written }) } as KubeObject;
  return { value, written: () => written };
}

it('writes an object once', () => {
  const texts = listedTexts();
  const { value, written } = counted('a');
  const first = texts.of(value);
  expect(texts.of(value)).toBe(first);
  expect(written()).toBe(1);
  expect(JSON.parse(first)).toMatchObject({ metadata: { name: 'a' } });
});

it('keeps what is asked for again, and lets the rest go', () => {
  const bytes = 4 * JSON.stringify(object('x00')).length;
  const texts = listedTexts(bytes);
  const [kept, left] = [counted('kept'), counted('left')];
  for (const { value } of [kept, left]) texts.of(value);
  for (let index = 0; index < 20; index++) {
    texts.of(object(`x${index}`));
    texts.of(kept.value);
  }
  texts.of(left.value);
  expect([kept.written(), left.written()]).toEqual([1, 2]);
});

it('forgets a minute after the last list', async () => {
  const clock = simulatedClock();
  const texts = listedTexts();
  const { value, written } = counted('a');
  texts.of(value);
  texts.listed(clock);
  await clock.advance(50_000);
  texts.of(value);
  texts.listed(clock);
  await clock.advance(50_000);
  texts.of(value);
  expect(written()).toBe(1);
  await clock.advance(20_000);
  texts.of(value);
  expect(written()).toBe(2);
});

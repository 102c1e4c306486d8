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

const write = (value: KubeObject) => JSON.stringify(value);

it('writes an object once', () => {
  const { value, written } = counted('a');
  const text = listedTexts().textOf([value], write, simulatedClock());
  const first = text(value);
  expect(text(value)).toBe(first);
  expect(written()).toBe(1);
  expect(JSON.parse(first)).toMatchObject({ metadata: { name: 'a' } });
});

it('keeps what is asked for again, and lets the rest go', () => {
  const bytes = 4 * JSON.stringify(object('x00')).length;
  const texts = listedTexts(bytes);
  const clock = simulatedClock();
  const list = (...items: readonly KubeObject[]) => items.map(texts.textOf(items, write, clock));
  const [kept, left] = [counted('kept'), counted('left')];
  list(kept.value, left.value);
  for (let index = 0; index < 20; index++) list(object(`x${index}`), kept.value);
  list(left.value);
  expect([kept.written(), left.written()]).toEqual([1, 2]);
});

it('keeps nothing of a list that would not be found again', () => {
  const texts = listedTexts(4 * JSON.stringify(object('x00')).length);
  const clock = simulatedClock();
  const { value, written } = counted('a');
  const many = [value, ...Array.from({ length: 20 }, (_, index) => object(`x${index}`))];
  for (let round = 1; round <= 2; round++) {
    const text = texts.textOf(many, write, clock);
    text(value);
    expect(written()).toBe(round);
  }
});

it('forgets a minute after the last list', async () => {
  const clock = simulatedClock();
  const texts = listedTexts();
  const { value, written } = counted('a');
  const list = () => texts.textOf([value], write, clock)(value);
  list();
  await clock.advance(50_000);
  list();
  await clock.advance(50_000);
  list();
  expect(written()).toBe(1);
  await clock.advance(70_000);
  list();
  expect(written()).toBe(2);
});

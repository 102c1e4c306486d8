/** What is told of changes, and what never is. */
import { expect, test } from 'vitest';
import type { Change } from '../model.ts';
import { relabels, toldChanges, toldValue } from './told.ts';

const secret = { apiVersion: 'v1', kind: 'Secret' };
const config = { apiVersion: 'v1', kind: 'ConfigMap' };

test.each([
  [secret, '.data.password', 'Z2VoZWlt', '(hidden)'],
  [secret, '.data', { password: 'Z2VoZWlt' }, '(hidden)'],
  [secret, '.stringData.password', 'geheim', '(hidden)'],
  [secret, '.metadata.annotations.kubectl.kubernetes.io/last-applied-configuration', '{"data":…}', '(hidden)'],
  [secret, '.metadata.annotations.kapp.k14s.io/original', '{"data":…}', '(hidden)'],
  [secret, '.metadata.annotations.tool.io/applied', 'H4sIAAAAAAAAA', '(hidden)'],
  [secret, '.metadata.annotations.tool.io/note', 'was geheim', '(hidden)'],
  [secret, '.metadata.annotations', { note: 'was geheim' }, '(hidden)'],
  [secret, '.metadata.labels.team', 'a', 'a'],
  [secret, '.type', 'Opaque', 'Opaque'],
  [{ apiVersion: 'shop.io/v1', kind: 'Secret' }, '.data.color', 'red', 'red'],
  [config, '.data.color', 'red', 'red'],
  [config, '.data.page', 'x'.repeat(5_000), `${'x'.repeat(200)}… (5000 letters)`],
  [config, '.data', Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`key${i}`, 'v'])), '(100 fields)'],
  [config, '.list', Array.from({ length: 300 }, (_, i) => i), '(a list of 300)'],
])('of %o at %s: %j', (object, path, value, told) => {
  expect(toldValue(object, path, value)).toEqual(told);
});

const change = (is: Change['is'], path: string): Change => ({
  is,
  path,
  ...(is === 'added' ? {} : { before: 1 }),
  ...(is === 'removed' ? {} : { after: 2 }),
  managers: [],
});

test('marks of management and what servers count are left out, and more than some are counted', () => {
  const kept = [change('changed', '.spec.replicas'), change('added', '.metadata.labels.team')];
  const left = [
    change('added', '.metadata.labels.karmada.io/managed'),
    change('changed', '.metadata.annotations.work.karmada.io/name'),
    change('changed', '.metadata.generation'),
    change('added', '.metadata.managedFields'),
    change('changed', '.status.replicas'),
  ];
  expect(toldChanges(config, [...left, ...kept])).toEqual({ changes: kept, more: 0 });
  // Somebody takes one away: that is no mark put on.
  expect(toldChanges(config, [change('removed', '.metadata.labels.karmada.io/managed')]).changes).toHaveLength(1);
  const many = Array.from({ length: 30 }, (_, i) => change('changed', `.data.key${i}`));
  expect(toldChanges(config, many)).toEqual({ changes: many.slice(0, 20), more: 10 });
});

test('what restarts Pods goes first and is said so, whatever there is no room for', () => {
  const many = Array.from({ length: 30 }, (_, i) => change('changed', `.metadata.labels.key${i}`));
  const image = change('changed', '.spec.template.spec.containers[name="web"].image');
  const { changes, more } = toldChanges(config, [...many, image], new Set([image.path]));
  expect(changes).toEqual([{ ...image, restarts: true }, ...many.slice(0, 19)]);
  expect(more).toBe(11);
});

test.each([
  [{}, { 'karmada.io/managed': 'true' }, false],
  [{ team: 'a' }, { team: 'a', 'work.flotilla.io/x': '1' }, false],
  [{ team: 'a' }, { team: 'b' }, true],
  [{ team: 'a' }, {}, true],
  [{}, { team: 'b' }, true],
  [{ 'karmada.io/managed': 'true' }, {}, true],
])('%j to %j relabels: %s', (before, after, is) => {
  const labelled = (labels: Record<string, string>) => ({ ...config, metadata: { name: 'x', labels } });
  expect(relabels(labelled(before), labelled(after))).toBe(is);
});

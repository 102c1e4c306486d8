import { expect, test } from 'vitest';
import { parseComponentFlags } from './flags.ts';
import { isEnabled } from './settings.ts';

test.each<[controllers: readonly string[], name: string, on: boolean]>([
  [['*'], 'binding', true],
  [['*', '-binding'], 'binding', false],
  [['-binding', 'binding'], 'binding', true],
  [['binding'], 'execution', false],
  [['binding'], 'detector', true],
  [['*', '-detector'], 'detector', false],
  [['-*'], 'detector', false],
  [['-*', 'policy'], 'policy', true],
  [['-*'], 'binding', false],
])('--controllers=%j: %s is on: %j', (controllers, name, on) => expect(isEnabled(controllers, name)).toBe(on));

test('the taint manager goes with the controller that starts it', () => {
  expect(isEnabled(['cluster'], 'taint-manager')).toBe(true);
  expect(isEnabled(['*', '-cluster'], 'taint-manager')).toBe(false);
});

test('who drives out of tainted clusters is off unless asked for, and is told how', () => {
  const parse = (...args: readonly string[]) => parseComponentFlags('karmada-controller-manager', args);
  expect(parse()).not.toHaveProperty('settings.taintEviction');
  expect(parse('--enable-no-execute-taint-eviction')).toMatchObject({
    settings: { taintEviction: { purgeMode: 'Gracefully', perSecond: 0.5 } },
  });
  expect(parse('--enable-no-execute-taint-eviction', '--no-execute-taint-eviction-purge-mode=Never')).toEqual({
    error: 'FailoverOptions.NoExecuteTaintEvictionPurgeMode: Invalid value: "Never": Invalid mode',
  });
});

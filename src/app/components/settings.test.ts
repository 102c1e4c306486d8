import { expect, test } from 'vitest';
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

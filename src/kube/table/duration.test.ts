import { expect, test } from 'vitest';
import { humanDuration } from './duration.ts';

const [second, minute, hour, day] = [1000, 60_000, 3_600_000, 86_400_000];

test.each([
  [-5 * second, '<invalid>'],
  [-1 * second, '0s'],
  [0, '0s'],
  [999, '0s'],
  [119 * second, '119s'],
  [120 * second, '2m'],
  [200 * second, '3m20s'],
  [10 * minute + 5 * second, '10m'],
  [179 * minute, '179m'],
  [180 * minute, '3h'],
  [5 * hour + 7 * minute, '5h7m'],
  [8 * hour + 7 * minute, '8h'],
  [47 * hour, '47h'],
  [48 * hour, '2d'],
  [50 * hour, '2d2h'],
  [8 * day + hour, '8d'],
  [729 * day, '729d'],
  [730 * day, '2y'],
  [800 * day, '2y70d'],
  [3000 * day, '8y'],
  [Number.NaN, '<unknown>'],
])('%d ms is %s', (milliseconds, text) => expect(humanDuration(milliseconds)).toBe(text));

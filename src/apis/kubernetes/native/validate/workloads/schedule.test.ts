import { describe, expect, it } from 'vitest';
import { scheduleFault } from './schedule.ts';

describe('schedules that can be read', () => {
  it.each([
    '* * * * *',
    '*/5 0-23/2 1,15 jan-MAR sun',
    '? ? ? ? ?',
    '0 0 * * 0',
    '@hourly',
    '@every 1h30m',
    '@every 500ms',
    'CRON_TZ=Europe/Berlin 0 3 * * *',
    'TZ=UTC @daily',
  ])('%s', (schedule) => {
    expect(scheduleFault(schedule)).toBeUndefined();
  });
});

describe('schedules that cannot', () => {
  it.each([
    ['', 'expected exactly 5 fields, found 0: []'],
    ['* * * * * *', 'expected exactly 5 fields, found 6: [* * * * * *]'],
    ['60 * * * *', 'end of range (60) above maximum (59): 60'],
    ['* * 0 * *', 'beginning of range (0) below minimum (1): 0'],
    ['9-1 * * * *', 'beginning of range (9) beyond end of range (1): 9-1'],
    ['*/0 * * * *', 'step of range should be a positive number: */0'],
    ['1/2/3 * * * *', 'too many slashes: 1/2/3'],
    ['1-2-3 * * * *', 'too many hyphens: 1-2-3'],
    ['@sometimes', 'unrecognized descriptor: @sometimes'],
  ])('%s', (schedule, fault) => {
    expect(scheduleFault(schedule)).toBe(fault);
  });
});

import { describe, expect, it } from 'vitest';
import { loadPatternEngine, PatternEngineAbsent, patternOf, trustPattern } from './pattern.ts';

const fits = (pattern: string, text: string) => patternOf(pattern)!.test(text);

describe('patterns', () => {
  it('that could take for ever wait for an engine that does not', async () => {
    const hostile = `${'a'.repeat(5_000)}!`;
    expect(() => fits('^(a+)+$', hostile)).toThrow(PatternEngineAbsent);
    expect(fits('^a+$', hostile)).toBe(false);
    await loadPatternEngine();
    expect(fits('^(a+)+$', hostile)).toBe(false);
    expect(fits('^(a+)+$', 'aaa')).toBe(true);
  });

  it('that grow with a power of the text are trusted with short texts only', async () => {
    await loadPatternEngine();
    const [short, long] = ['a'.repeat(100), 'a'.repeat(100_000)];
    expect(fits('^a*a*a*b$', short)).toBe(false);
    expect(fits('^a*a*a*b$', long)).toBe(false);
    expect(fits('^a*a*a*b$', `${long}b`)).toBe(true);
  });

  it('of this program need no engine for texts of a usual length', () => {
    trustPattern('^(b+)+$');
    expect(fits('^(b+)+$', 'bbb')).toBe(true);
  });

  it.each([
    ['(?i)^([[:alpha:]]+\\z)', 'aB', true],
    ['^(?P<year>[0-9]{4})+$', '2026', true],
    ['^([a-z]|[0-9])*$', 'a1B', false],
    ['^\\pL+$', 'é', true],
  ])('%s on %s', async (pattern, text, expected) => {
    await loadPatternEngine();
    expect(fits(pattern, text)).toBe(expected);
  });
});

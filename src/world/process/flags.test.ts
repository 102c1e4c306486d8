import { describe, expect, it } from 'vitest';
import { type FlagDefinition, readCommandLine } from './flags.ts';

const table: readonly FlagDefinition[] = [
  { name: 'all-namespaces', short: 'A', kind: 'switch', help: '' },
  { name: 'watch', short: 'w', kind: 'switch', help: '' },
  { name: 'wait', kind: 'switch', default: 'true', help: '' },
  { name: 'namespace', short: 'n', kind: 'text', help: '' },
  { name: 'filename', short: 'f', kind: 'texts', help: '' },
  { name: 'dry-run', kind: 'text', default: 'none', bare: 'unchanged', help: '' },
  { name: 'grace-period', kind: 'whole', default: '-1', help: '' },
  { name: 'qps', kind: 'number', default: '40', help: '' },
  { name: 'timeout', kind: 'duration', default: '1m30s', help: '' },
];

const read = (...args: string[]) => readCommandLine(table, args);

describe('a command line', () => {
  it('mixes flags and words, as pflag does', () => {
    const { flags, words } = read('get', '-n', 'a', 'pods', '--wait=false', 'x', '-Aw');
    expect(words).toEqual(['get', 'pods', 'x']);
    expect([flags.text('namespace'), flags.on('wait'), flags.on('all-namespaces'), flags.on('watch')]).toEqual([
      'a',
      false,
      true,
      true,
    ]);
  });

  it.each([
    [['--namespace=a'], 'a'],
    [['--namespace', 'a'], 'a'],
    [['-na'], 'a'],
    [['-n=a'], 'a'],
    [['-n', 'a'], 'a'],
    [['-An', 'a'], 'a'],
    [['--namespace='], ''],
    [['--namespace', '-x'], '-x'],
    [['-n', 'a', '-n', 'b'], 'b'],
  ])('reads %j', (args, value) => {
    expect(read(...args).flags.text('namespace')).toBe(value);
  });

  it('keeps defaults, tells what was given, collects lists', () => {
    const { flags } = read('-f', 'a,b', '--filename=c', '--dry-run', 'word');
    expect(flags.texts('filename')).toEqual(['a', 'b', 'c']);
    expect(flags.text('dry-run')).toBe('unchanged');
    expect([flags.number('grace-period'), flags.number('qps'), flags.milliseconds('timeout')]).toEqual([
      -1, 40, 90_000,
    ]);
    expect([flags.given('filename'), flags.given('timeout')]).toEqual([true, false]);
  });

  it('takes what follows -- and a lone - as words', () => {
    expect(read('-', '--', '-n', '--x').words).toEqual(['-', '-n', '--x']);
  });

  it.each([
    [['--foo'], 'unknown flag: --foo'],
    [['--foo=bar'], 'unknown flag: --foo'],
    [['-Ax'], `unknown shorthand flag: 'x' in -x`],
    [['-xA'], `unknown shorthand flag: 'x' in -xA`],
    [['--namespace'], 'flag needs an argument: --namespace'],
    [['-An'], `flag needs an argument: 'n' in -n`],
    [['--=a'], 'bad flag syntax: --=a'],
    [['---a'], 'bad flag syntax: ---a'],
    [
      ['-A=maybe'],
      'invalid argument "maybe" for "-A, --all-namespaces" flag: strconv.ParseBool: parsing "maybe": invalid syntax',
    ],
    [
      ['--grace-period', 'x'],
      'invalid argument "x" for "--grace-period" flag: strconv.ParseInt: parsing "x": invalid syntax',
    ],
    [['--qps=x'], 'invalid argument "x" for "--qps" flag: strconv.ParseFloat: parsing "x": invalid syntax'],
    [['--timeout=5'], 'invalid argument "5" for "--timeout" flag: time: missing unit in duration "5"'],
    [['--timeout=5d'], 'invalid argument "5d" for "--timeout" flag: time: unknown unit "d" in duration "5d"'],
    [['--timeout=soon'], 'invalid argument "soon" for "--timeout" flag: time: invalid duration "soon"'],
  ])('refuses %j in the words of pflag', (args, message) => {
    expect(() => read(...args)).toThrow(message);
  });

  it.each([
    ['0', 0],
    ['1h2m3.5s', 3_723_500],
    ['300ms', 300],
    ['-1.5h', -5_400_000],
    ['.5s', 500],
  ])('reads the duration %s', (text, milliseconds) => {
    expect(read(`--timeout=${text}`).flags.milliseconds('timeout')).toBe(milliseconds);
  });
});

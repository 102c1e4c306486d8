/** Semantic versions, read as strictly as the specification asks. */

import { type CelType, celTypes } from '../types.ts';
import { intOf } from '../value/int.ts';
import { quote } from '../value/quote.ts';
import { CelError, CelOpaque, type CelValue, type Evaluated, noSuchOverload } from '../value/value.ts';
import { type CelLibrary, declare, method, overload } from './declare.ts';

const { bool, int, semver, string } = celTypes;

interface Version {
  readonly numbers: readonly [bigint, bigint, bigint];
  readonly prerelease: readonly (string | bigint)[];
  readonly build: readonly string[];
}

class SemverValue extends CelOpaque {
  readonly version: Version;
  constructor(version: Version) {
    super();
    this.version = version;
  }
  get type(): CelType {
    return semver;
  }
  equals(other: CelValue): boolean | CelError {
    return other instanceof SemverValue ? compare(this, other) === 0 : noSuchOverload;
  }
  text(): string {
    const { numbers, prerelease, build } = this.version;
    const tail = (mark: string, parts: readonly (string | bigint)[]) =>
      parts.length > 0 ? mark + parts.join('.') : '';
    return numbers.join('.') + tail('-', prerelease) + tail('+', build);
  }
}

class VersionProblem extends Error {}

const alphanumeric = /^[0-9A-Za-z-]*$/;

function number(text: string, name: string): bigint {
  if (!/^\d*$/.test(text)) throw new VersionProblem(`Invalid character(s) found in ${name} number ${quote(text)}`);
  const title = name[0]!.toUpperCase() + name.slice(1);
  if (/^0\d/.test(text)) throw new VersionProblem(`${title} number must not contain leading zeroes ${quote(text)}`);
  return unsigned(text);
}

function unsigned(text: string): bigint {
  if (text === '') throw new VersionProblem('strconv.ParseUint: parsing "": invalid syntax');
  const value = text.length > 20 ? 2n ** 64n : BigInt(text);
  if (value >= 2n ** 64n) throw new VersionProblem(`strconv.ParseUint: parsing ${quote(text)}: value out of range`);
  return value;
}

function prereleasePart(text: string): string | bigint {
  if (text === '') throw new VersionProblem('Prerelease is empty');
  if (/^\d+$/.test(text)) {
    if (/^0\d/.test(text))
      throw new VersionProblem(`Numeric PreRelease version must not contain leading zeroes ${quote(text)}`);
    return unsigned(text);
  }
  if (!alphanumeric.test(text)) throw new VersionProblem(`Invalid character(s) found in prerelease ${quote(text)}`);
  return text;
}

function buildPart(text: string): string {
  if (text === '') throw new VersionProblem('Build meta data is empty');
  if (!alphanumeric.test(text))
    throw new VersionProblem(`Invalid character(s) found in build meta data ${quote(text)}`);
  return text;
}

/** Text before and after the first mark. */
function cut(text: string, mark: string): [string, string | undefined] {
  const at = text.indexOf(mark);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

function parseVersion(text: string): Version {
  if (text === '') throw new VersionProblem('Version string empty');
  const [majorText, afterMajor] = cut(text, '.');
  const [minorText, rest] = cut(afterMajor ?? '', '.');
  if (afterMajor === undefined || rest === undefined) throw new VersionProblem('No Major.Minor.Patch elements found');
  const major = number(majorText, 'major');
  const minor = number(minorText, 'minor');
  const [release, build] = cut(rest, '+');
  const [patchText, prerelease] = cut(release, '-');
  const patch = number(patchText, 'patch');
  return {
    numbers: [major, minor, patch],
    prerelease: prerelease?.split('.').map(prereleasePart) ?? [],
    build: build?.split('.').map(buildPart) ?? [],
  };
}

/** `v1.2` as `1.2.0`, without leading zeros. */
function normalized(text: string): string {
  const [first, afterFirst] = cut(text.startsWith('v') ? text.slice(1) : text, '.');
  const [second, third] = afterFirst === undefined ? [undefined, undefined] : cut(afterFirst, '.');
  const parts = [first, second, third].filter((part) => part !== undefined).map(withoutZeros);
  if (parts.length < 3 && /[+-]/.test(parts.at(-1)!))
    throw new VersionProblem('short version cannot contain PreRelease/Build meta data');
  while (parts.length < 3) parts.push('0');
  return parts.join('.');
}

function withoutZeros(part: string): string {
  if (part.length <= 1) return part;
  const rest = part.replace(/^0+/, '');
  return /^\d/.test(rest) ? rest : `0${rest}`;
}

function read(text: string, normalize = false): Evaluated {
  try {
    return new SemverValue(parseVersion(normalize ? normalized(text) : text));
  } catch (error) {
    if (error instanceof VersionProblem) return new CelError(error.message);
    throw error;
  }
}

const order = <T extends string | bigint>(left: T, right: T): number => (left < right ? -1 : left > right ? 1 : 0);

function compare({ version: left }: SemverValue, { version: right }: SemverValue): number {
  for (const index of [0, 1, 2] as const) {
    const difference = order(left.numbers[index], right.numbers[index]);
    if (difference !== 0) return difference;
  }
  const [ours, theirs] = [left.prerelease, right.prerelease];
  if (ours.length === 0 || theirs.length === 0)
    return Math.sign(Number(ours.length === 0) - Number(theirs.length === 0));
  for (let index = 0; index < Math.min(ours.length, theirs.length); index++) {
    const difference = comparePart(ours[index]!, theirs[index]!);
    if (difference !== 0) return difference;
  }
  return Math.sign(ours.length - theirs.length);
}

/** Numbers come before words. */
function comparePart(left: string | bigint, right: string | bigint): number {
  if (typeof left === 'bigint') return typeof right === 'bigint' ? order(left, right) : -1;
  return typeof right === 'bigint' ? 1 : order(left, right);
}

const two = [semver, semver];
const field = (name: string, index: 0 | 1 | 2) =>
  declare(
    name,
    method(`semver_${name}`, [semver], int, ({ version }: SemverValue) =>
      intOf(BigInt.asIntN(64, version.numbers[index])),
    ),
  );

export const versions: CelLibrary = {
  functions: [
    declare(
      'semver',
      overload('string_to_semver', [string], semver, read),
      overload('string_bool_to_semver', [string, bool], semver, read),
    ),
    declare(
      'isSemver',
      overload('is_semver_string', [string], bool, (text: string) => read(text) instanceof SemverValue),
      overload(
        'is_semver_string_bool',
        [string, bool],
        bool,
        (text: string, normalize: boolean) => read(text, normalize) instanceof SemverValue,
      ),
    ),
    declare(
      'isGreaterThan',
      method('semver_is_greater_than', two, bool, (left: SemverValue, right: SemverValue) => compare(left, right) > 0),
    ),
    declare(
      'isLessThan',
      method('semver_is_less_than', two, bool, (left: SemverValue, right: SemverValue) => compare(left, right) < 0),
    ),
    declare('compareTo', method('semver_compare_to', two, int, compare)),
    field('major', 0),
    field('minor', 1),
    field('patch', 2),
  ],
};

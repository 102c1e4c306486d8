/**
 * Command lines as Go's pflag reads them, errors in its words: `--name=value`, `--name value`, `-n value`, `-nvalue`,
 * `-Aw`, flags and words in any order, `--` before words that look like flags. Pure: the arguments are handed in.
 */
import { readDuration, readNumber, readSwitch, readWhole } from './flag-values.ts';

export type FlagKind = 'switch' | 'text' | 'texts' | 'whole' | 'number' | 'duration';

export interface FlagDefinition {
  /** `all-namespaces`. */
  readonly name: string;
  /** One letter. */
  readonly short?: string;
  /** texts: may be given several times, and holds several between commas. duration: milliseconds of Go's `1m30s`. */
  readonly kind: FlagKind;
  /** As it would be written; absent: off, empty, 0. */
  readonly default?: string;
  /** What it means when it stands without `=value`; a switch always means true. */
  readonly bare?: string;
  readonly help: string;
  /** Read, but not shown in help. */
  readonly hidden?: boolean;
  /** Why it no longer does anything; to be said as a warning. */
  readonly retired?: string;
}

/** Not understood; the message is pflag's. */
export class FlagError extends Error {
  override readonly name = 'FlagError';
}

/** Caught where a suggestion can be made. */
export class UnknownFlagError extends FlagError {
  /** Without its dashes. */
  readonly flag: string;

  constructor(flag: string) {
    super(`unknown flag: --${flag}`);
    this.flag = flag;
  }
}

type Value = boolean | string | readonly string[] | number;

/** Values by flag name, defaults where none was given. A name or kind that is not in the table is our own mistake. */
export interface Flags {
  readonly on: (name: string) => boolean;
  readonly text: (name: string) => string;
  readonly texts: (name: string) => readonly string[];
  readonly number: (name: string) => number;
  readonly milliseconds: (name: string) => number;
  readonly given: (name: string) => boolean;
}

export interface CommandLine {
  readonly flags: Flags;
  /** What is not a flag, in order. */
  readonly words: readonly string[];
}

/** Throws FlagError. */
export function readCommandLine(definitions: readonly FlagDefinition[], args: readonly string[]): CommandLine {
  const reader = new Reader(definitions);
  const words: string[] = [];
  const rest = [...args];
  while (rest.length > 0) {
    const arg = rest.shift()!;
    if (arg === '--') {
      words.push(...rest);
      break;
    }
    if (arg.startsWith('--')) reader.long(arg, rest);
    else if (arg.startsWith('-') && arg.length > 1) reader.shorts(arg, rest);
    else words.push(arg);
  }
  return { flags: reader.flags(), words };
}

class Reader {
  private readonly definitions: readonly FlagDefinition[];
  private readonly values = new Map<string, Value>();

  constructor(definitions: readonly FlagDefinition[]) {
    this.definitions = definitions;
  }

  /** `--name`, `--name=value`; the value may be the next argument. */
  long(arg: string, rest: string[]): void {
    const [, name = '', , value] = /^--([^=]*)(=([\s\S]*))?$/.exec(arg)!;
    if (name === '' || name.startsWith('-')) throw new FlagError(`bad flag syntax: ${arg}`);
    const definition = this.definitions.find((each) => each.name === name);
    if (!definition) throw new UnknownFlagError(name);
    if (value !== undefined) this.set(definition, value);
    else if (bareValue(definition) !== undefined) this.set(definition, bareValue(definition)!);
    else if (rest.length > 0) this.set(definition, rest.shift()!);
    else throw new FlagError(`flag needs an argument: --${name}`);
  }

  /** `-A`, `-Aw`, `-n value`, `-nvalue`, `-n=value`. */
  shorts(arg: string, rest: string[]): void {
    let letters = arg.slice(1);
    while (letters !== '') {
      const letter = letters[0]!;
      const definition = this.definitions.find(({ short }) => short === letter);
      if (!definition) throw new FlagError(`unknown shorthand flag: '${letter}' in -${letters}`);
      const after = letters.slice(1);
      if (after.length > 1 && after.startsWith('=')) {
        this.set(definition, after.slice(1));
        return;
      }
      if (bareValue(definition) !== undefined) {
        this.set(definition, bareValue(definition)!);
        letters = after;
        continue;
      }
      if (after === '' && rest.length === 0) throw new FlagError(`flag needs an argument: '${letter}' in -${letters}`);
      this.set(definition, after === '' ? rest.shift()! : after);
      return;
    }
  }

  private set(definition: FlagDefinition, text: string): void {
    try {
      const value = readValue(definition.kind, text);
      const before = this.values.get(definition.name);
      this.values.set(definition.name, Array.isArray(value) && Array.isArray(before) ? [...before, ...value] : value);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      const { short, name } = definition;
      const shown = short ? `-${short}, --${name}` : `--${name}`;
      throw new FlagError(`invalid argument ${JSON.stringify(text)} for "${shown}" flag: ${error.message}`);
    }
  }

  flags(): Flags {
    const read = (name: string, ...kinds: readonly FlagKind[]): Value => {
      const definition = this.definitions.find((each) => each.name === name);
      if (!definition || !kinds.includes(definition.kind))
        throw new TypeError(`--${name} is not declared as ${kinds.join(' or ')}`);
      return this.values.get(name) ?? readValue(definition.kind, definition.default ?? nothing[definition.kind]);
    };
    return {
      on: (name) => read(name, 'switch') as boolean,
      text: (name) => read(name, 'text') as string,
      texts: (name) => read(name, 'texts') as readonly string[],
      number: (name) => read(name, 'whole', 'number') as number,
      milliseconds: (name) => read(name, 'duration') as number,
      given: (name) => this.values.has(name),
    };
  }
}

const bareValue = ({ kind, bare }: FlagDefinition) => (kind === 'switch' ? 'true' : bare);

const nothing: Readonly<Record<FlagKind, string>> = {
  switch: 'false',
  text: '',
  texts: '',
  whole: '0',
  number: '0',
  duration: '0s',
};

/** Throws RangeError with Go's words. */
function readValue(kind: FlagKind, text: string): Value {
  switch (kind) {
    case 'switch':
      return readSwitch(text);
    case 'text':
      return text;
    case 'texts':
      return text === '' ? [] : text.split(',');
    case 'whole':
      return readWhole(text);
    case 'number':
      return readNumber(text);
    case 'duration':
      return readDuration(text);
  }
}

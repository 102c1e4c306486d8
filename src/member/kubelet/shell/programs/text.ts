/** Programs that print, and programs that filter lines. */

import { compilePattern, findIn, matchesIn, type Pattern } from '#kube/cel/library/pattern.ts';
import { FileError, resolvePath } from '../../container/files.ts';
import { count, readArguments } from '../arguments.ts';
import { type Call, linesOf, type Program, ProgramError, readAll } from '../process.ts';

const escapes: Readonly<Record<string, string>> = {
  '\\': '\\',
  a: '\u0007',
  b: '\b',
  e: '\u001b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '"': '"',
};

const unescaped = (text: string) =>
  text.replace(/\\(0[0-7]{1,3}|x[0-9a-fA-F]{1,2}|.)/gs, (whole, code: string) => {
    if (/^0[0-7]/.test(code)) return String.fromCharCode(Number.parseInt(code, 8) & 0xff);
    if (/^x[0-9a-fA-F]/.test(code)) return String.fromCharCode(Number.parseInt(code.slice(1), 16));
    return escapes[code] ?? whole;
  });

const echo: Program = async ({ args, stdout }) => {
  let [newline, escaped] = [true, false];
  let first = 0;
  for (; /^-[neE]+$/.test(args[first] ?? ''); first++) {
    if (args[first]!.includes('n')) newline = false;
    if (args[first]!.includes('e')) escaped = true;
  }
  const text = args.slice(first).join(' ');
  await stdout((escaped ? unescaped(text) : text) + (newline ? '\n' : ''));
  return 0;
};

const specifier = /%(-?0?\d*)(?:\.(\d+))?([sdiuxXocb%])/g;

function formatted(format: string, args: string[]): string {
  return unescaped(format).replace(specifier, (_, width: string, precision: string | undefined, type: string) => {
    if (type === '%') return '%';
    const argument = args.shift() ?? (type === 's' || type === 'b' ? '' : '0');
    const text =
      type === 's'
        ? argument.slice(0, precision === undefined ? undefined : Number(precision))
        : type === 'b'
          ? unescaped(argument)
          : type === 'c'
            ? argument.slice(0, 1)
            : numberText(Number(argument) || 0, type);
    const size = Math.min(Math.abs(Number(width)) || 0, 1_000);
    if (width.startsWith('-')) return text.padEnd(size);
    return text.padStart(size, width.startsWith('0') ? '0' : ' ');
  });
}

const numberText = (value: number, type: string) => {
  const whole = Math.trunc(value);
  if (type === 'o') return whole.toString(8);
  if (type === 'x') return whole.toString(16);
  return type === 'X' ? whole.toString(16).toUpperCase() : String(whole);
};

const printf: Program = async ({ args: [format, ...args], stdout }) => {
  if (format === undefined) throw new ProgramError('usage: printf FORMAT [ARG]...', 2);
  const left = [...args];
  do {
    const before = left.length;
    await stdout(formatted(format, left));
    if (left.length === before) break;
  } while (left.length > 0);
  return 0;
};

/** Each file that is named, or stdin; those that cannot be read are told. */
async function eachInput(
  call: Call,
  operands: readonly string[],
  take: (input: AsyncIterable<Uint8Array>, name: string) => Promise<unknown>,
): Promise<number> {
  let code = 0;
  for (const name of operands.length > 0 ? operands : ['-']) {
    try {
      const input = name === '-' ? call.stdin : whole(call.machine.files.read(resolvePath(call.cwd, name)));
      if ((await take(input, name)) === false) break;
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      await call.stderr(`${call.name}: ${name}: ${error.message}\n`);
      code = 1;
    }
  }
  return code;
}

async function* whole(bytes: Buffer): AsyncIterable<Uint8Array> {
  if (bytes.byteLength > 0) yield bytes;
}

const cat: Program = async (call) => {
  const { has, operands } = readArguments(call.args, 'nuvet');
  let number = 0;
  return eachInput(call, operands, async (input) => {
    if (!has('n')) {
      for await (const piece of input) await call.stdout(piece);
      return;
    }
    for await (const line of linesOf(input)) await call.stdout(`${String(++number).padStart(6)}\t${line}\n`);
  });
};

/** Lines that are kept until they are printed: so many take a moment to sort. */
const mostLines = 100_000;
const mostKept = 16 * 1024 * 1024;

/** `-5` is `-n 5`. */
const oldStyle = (args: readonly string[]) => args.map((each) => (/^-\d+$/.test(each) ? `-n${each.slice(1)}` : each));

const head: Program = async (call) => {
  const { value, operands } = readArguments(oldStyle(call.args), 'qv', 'nc');
  const bytes = value('c');
  return eachInput(call, operands, async (input) => {
    if (bytes !== undefined) {
      let left = count(bytes);
      for await (const piece of input) {
        await call.stdout(piece.subarray(0, left));
        left -= piece.byteLength;
        if (left <= 0) break;
      }
      return;
    }
    let left = count(value('n') ?? '10');
    if (left <= 0) return;
    for await (const line of linesOf(input)) {
      await call.stdout(`${line}\n`);
      if (--left <= 0) break;
    }
  });
};

const tail: Program = async (call) => {
  const { value, operands, has } = readArguments(oldStyle(call.args), 'fFqv', 'nc');
  const code = await eachInput(call, operands, async (input) => {
    const bytes = value('c');
    if (bytes !== undefined) return tailBytes(call, input, bytes);
    const wanted = value('n') ?? '10';
    const fromStart = wanted.startsWith('+');
    const lines: string[] = [];
    let [number, kept] = [0, 0];
    for await (const line of linesOf(input)) {
      if (fromStart) {
        if (++number >= count(wanted)) await call.stdout(`${line}\n`);
        continue;
      }
      lines.push(line);
      kept += line.length;
      if (lines.length > Math.abs(count(wanted))) kept -= lines.shift()!.length;
      if (kept > mostKept || lines.length > mostLines) throw new ProgramError('out of memory');
    }
    for (const line of lines) await call.stdout(`${line}\n`);
  });
  // Files here change only by other commands; whoever follows one waits until it is interrupted.
  if (has('f') || has('F'))
    await new Promise<void>((resolve) => call.signal.addEventListener('abort', () => resolve()));
  return code;
};

async function tailBytes(call: Call, input: AsyncIterable<Uint8Array>, wanted: string): Promise<void> {
  if (!wanted.startsWith('+')) return call.stdout((await readAll(input)).subarray(-Math.abs(count(wanted))));
  let skip = Math.max(0, count(wanted) - 1);
  for await (const piece of input) {
    if (skip < piece.byteLength) await call.stdout(piece.subarray(skip));
    skip = Math.max(0, skip - piece.byteLength);
  }
}

const wc: Program = async (call) => {
  const { has, operands } = readArguments(call.args, 'lwcm');
  const all = !has('l') && !has('w') && !has('c') && !has('m');
  return eachInput(call, operands, async (input, name) => {
    let [lines, words, bytes] = [0, 0, 0];
    let inWord = false;
    for await (const piece of input) {
      bytes += piece.byteLength;
      for (const byte of piece) {
        const space = byte === 32 || (byte >= 9 && byte <= 13);
        if (byte === 10) lines++;
        if (!space && !inWord) words++;
        inWord = !space;
      }
    }
    const numbers = [
      ...(all || has('l') ? [lines] : []),
      ...(all || has('w') ? [words] : []),
      ...(all || has('c') || has('m') ? [bytes] : []),
    ];
    const shown =
      numbers.length === 1 && name === '-'
        ? String(numbers[0])
        : numbers.map((each) => String(each).padStart(9)).join(' ');
    await call.stdout(`${shown}${name === '-' ? '' : ` ${name}`}\n`);
  });
};

/** By an engine whose time grows with the text alone: a pattern must not hold up the whole process. */
function patternOf(text: string, extended: boolean, fixed: boolean, ignoreCase: boolean, word: boolean): Pattern {
  // In basic expressions a backslash makes +, ?, |, ( and { special, and without one they are not.
  const source = fixed
    ? text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
    : extended
      ? text
      : text.replace(/\\([+?|(){}])|[+?|(){}]/g, (whole, special?: string) => special ?? `\\${whole}`);
  const pattern = compilePattern(`${ignoreCase ? '(?i)' : ''}${word ? `\\b(?:${source})\\b` : source}`);
  if (pattern instanceof Error || !('matcher' in pattern)) throw new ProgramError(`bad regex '${text}'`, 2);
  return pattern;
}

const grep: Program = async (call) => {
  const { has, value, operands } = readArguments(call.args, 'EFGHhinvqcolsw', 'em');
  const [first, ...files] = value('e') === undefined ? operands : [value('e')!, ...operands];
  if (first === undefined) throw new ProgramError('usage: grep [-EFinvqcolw] PATTERN [FILE]...', 2);
  const extended = has('E') || call.name === 'egrep';
  const pattern = patternOf(first, extended, has('F') || call.name === 'fgrep', has('i'), has('w'));
  const most = value('m') === undefined ? Number.POSITIVE_INFINITY : count(value('m')!);
  let found = false;
  const failed = await eachInput(call, files, async (input, name) => {
    const prefix = files.length > 1 || has('H') ? `${name}:` : '';
    let [matches, number] = [0, 0];
    for await (const line of linesOf(input)) {
      number++;
      if (matchesIn(pattern, line) === has('v')) continue;
      found = true;
      if (has('q')) return false;
      matches++;
      if (has('l')) {
        await call.stdout(`${name}\n`);
        break;
      }
      if (!has('c'))
        await call.stdout(`${prefix}${has('n') ? `${number}:` : ''}${has('o') ? findIn(pattern, line) : line}\n`);
      if (matches >= most) break;
    }
    if (has('c')) await call.stdout(`${prefix}${matches}\n`);
    return undefined;
  });
  return failed ? 2 : found ? 0 : 1;
};

const sort: Program = async (call) => {
  const { has, operands } = readArguments(call.args, 'nru', 'kt');
  const lines: string[] = [];
  let size = 0;
  const code = await eachInput(call, operands, async (input) => {
    for await (const line of linesOf(input)) {
      lines.push(line);
      size += line.length;
      if (size > mostKept || lines.length > mostLines) throw new ProgramError('out of memory');
    }
  });
  const order = (left: string, right: string) =>
    has('n')
      ? (Number.parseFloat(left) || 0) - (Number.parseFloat(right) || 0)
      : left < right
        ? -1
        : left > right
          ? 1
          : 0;
  lines.sort(order);
  if (has('r')) lines.reverse();
  for (const line of has('u') ? new Set(lines) : lines) await call.stdout(`${line}\n`);
  return code;
};

const uniq: Program = async (call) => {
  const { has } = readArguments(call.args, 'c');
  let last: string | undefined;
  let times = 0;
  const tell = async () => {
    if (last !== undefined) await call.stdout(`${has('c') ? `${String(times).padStart(7)} ` : ''}${last}\n`);
  };
  for await (const line of linesOf(call.stdin)) {
    if (line !== last) {
      await tell();
      times = 0;
    }
    last = line;
    times++;
  }
  await tell();
  return 0;
};

const cut: Program = async (call) => {
  const { value, operands } = readArguments(call.args, 's', 'dfc');
  const ranges = (value('f') ?? value('c') ?? '').split(',').map((text) => {
    const [from = '', to] = text.split('-');
    return { from: Number(from || 1), to: to === undefined ? Number(from) : Number(to || Number.MAX_SAFE_INTEGER) };
  });
  const inRange = (_: string, i: number) => ranges.some(({ from, to }) => i + 1 >= from && i + 1 <= to);
  const delimiter = value('c') === undefined ? (value('d') ?? '\t') : '';
  return eachInput(call, operands, async (input) => {
    for await (const line of linesOf(input)) {
      const parts = line.split(delimiter);
      const shown = delimiter !== '' && parts.length === 1 ? line : parts.filter(inRange).join(delimiter);
      await call.stdout(`${shown}\n`);
    }
  });
};

const letters: Readonly<Record<string, string>> = {
  '[:upper:]': 'A-Z',
  '[:lower:]': 'a-z',
  '[:digit:]': '0-9',
  '[:space:]': ' \t\n\r',
};

const setOf = (text: string): string[] =>
  Array.from(
    unescaped(Object.entries(letters).reduce((all, [name, range]) => all.replace(name, range), text)).replace(
      /(.)-(.)/gs,
      (_, from: string, to: string) => {
        const [first, last] = [from.charCodeAt(0), to.charCodeAt(0)];
        return Array.from({ length: Math.max(0, last - first + 1) }, (__, i) => String.fromCharCode(first + i)).join(
          '',
        );
      },
    ),
  );

const tr: Program = async (call) => {
  const { has, operands } = readArguments(call.args, 'ds');
  const [from, to] = [setOf(operands[0] ?? ''), setOf(operands[1] ?? '')];
  const map = new Map(from.map((char, i) => [char, has('d') ? '' : (to[Math.min(i, to.length - 1)] ?? char)]));
  const decoder = new TextDecoder();
  for await (const piece of call.stdin)
    await call.stdout(Array.from(decoder.decode(piece, { stream: true }), (char) => map.get(char) ?? char).join(''));
  return 0;
};

const tee: Program = async (call) => {
  const { has, operands } = readArguments(call.args, 'a');
  const paths = operands.map((name) => resolvePath(call.cwd, name));
  for (const path of paths) call.machine.files.write(path, Buffer.alloc(0), { append: has('a') });
  for await (const piece of call.stdin) {
    for (const path of paths) call.machine.files.write(path, Buffer.from(piece), { append: true });
    await call.stdout(piece);
  }
  return 0;
};

const seq: Program = async ({ args, stdout, signal }) => {
  const numbers = args.map(count);
  const [from, step, to] =
    numbers.length === 3 ? numbers : numbers.length === 2 ? [numbers[0], 1, numbers[1]] : [1, 1, numbers[0] ?? 0];
  if (step === 0) throw new ProgramError('increment must not be zero');
  for (let i = from!; step! > 0 ? i <= to! : i >= to!; i += step!) {
    if (signal.aborted) return 130;
    await stdout(`${i}\n`);
  }
  return 0;
};

const yes: Program = async ({ args, stdout, signal }) => {
  const line = `${args.join(' ') || 'y'}\n`.repeat(256);
  while (!signal.aborted) await stdout(line);
  return 130;
};

const base64: Program = async (call) => {
  const { has, operands } = readArguments(call.args, 'd', 'w');
  return eachInput(call, operands, async (input) => {
    const bytes = await readAll(input);
    if (has('d')) return call.stdout(Buffer.from(bytes.toString('latin1'), 'base64'));
    await call.stdout(`${bytes.toString('base64').replace(/.{76}(?=.)/g, '$&\n')}\n`);
  });
};

export const textPrograms: Readonly<Record<string, Program>> = {
  base64,
  cat,
  cut,
  echo,
  egrep: grep,
  fgrep: grep,
  grep,
  head,
  printf,
  seq,
  sort,
  tail,
  tee,
  tr,
  uniq,
  wc,
  yes,
};

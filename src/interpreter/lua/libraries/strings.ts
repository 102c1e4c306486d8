/**
 * The string library, over bytes. The reference refuses `gsub` and `rep`, which its limits do not hold; under ours they
 * work. `dump` has nothing to give.
 */
import { invoke, type Run } from '../run.ts';
import { LuaTable } from '../table.ts';
import { bytesOf, textOf } from '../text.ts';
import { formatNumber, LuaFunction, type LuaValue, type LuaValues, nothing, truthy, typeName } from '../value.ts';
import { type Call, functionsOf } from './arguments.ts';
import { mostResults } from './base.ts';
import { replaceDirectives } from './directives.ts';
import { format } from './format.ts';
import { Matcher } from './pattern.ts';
import { placeOf } from './search.ts';

/** A position from the end when it is negative. */
const fromEnd = (position: number, length: number) => (position < 0 ? Math.max(0, length + position + 1) : position);

function byte(call: Call): LuaValues {
  const text = call.string(1);
  const from = fromEnd(call.optionalInteger(2, 1), text.length);
  const to = Math.min(fromEnd(call.optionalInteger(3, from), text.length), text.length);
  if (to - from >= mostResults) throw call.run.error('string slice too long');
  call.run.spend(Math.max(0, to - from));
  const result: number[] = [];
  for (let at = Math.max(1, from); at <= to; at += 1) result.push(text.charCodeAt(at - 1));
  return result;
}

function char(call: Call): LuaValues {
  call.run.allocateText(call.args.length);
  return [
    call.args
      .map((_, at) => {
        const code = call.integer(at + 1);
        if (code < 0 || code > 255) throw call.wrong(at + 1, 'invalid value');
        return String.fromCharCode(code);
      })
      .join(''),
  ];
}

const changed =
  (change: (text: string) => string) =>
  (call: Call): LuaValues => {
    const text = call.string(1);
    // Letters in the other case may take up to three times the bytes.
    call.run.allocateText(text.length * 3);
    return [change(text)];
  };

const lower = (text: string) => bytesOf(textOf(text).toLowerCase());
const upper = (text: string) => bytesOf(textOf(text).toUpperCase());
const reverse = (text: string) => text.split('').reverse().join('');

function rep(call: Call): LuaValues {
  const text = call.string(1);
  const count = Math.max(0, call.integer(2));
  call.run.allocateText(text.length * count);
  return [text.repeat(text.length === 0 ? 0 : count)];
}

function sub(call: Call): LuaValues {
  const text = call.string(1);
  const from = Math.max(1, fromEnd(call.integer(2), text.length));
  const to = Math.min(fromEnd(call.optionalInteger(3, -1), text.length), text.length);
  if (from > to) return [''];
  call.run.allocateText(to - from + 1);
  return [text.slice(from - 1, to)];
}

/** All captures of a match, or the match itself when the pattern has none. */
function capturesOf(matcher: Matcher, start: number, end: number): LuaValues {
  return Array.from({ length: Math.max(1, matcher.captures.length) }, (_, at) => matcher.capture(at, start, end));
}

interface Match {
  readonly matcher: Matcher;
  readonly start: number;
  readonly end: number;
}

function firstMatch(run: Run, subject: string, pattern: string, from: number): Match | undefined {
  const matcher = new Matcher(run, subject, pattern);
  const anchored = pattern.startsWith('^');
  for (let start = from; start <= subject.length; start += 1) {
    const end = matcher.matchAt(start, anchored ? 1 : 0);
    if (end !== undefined) return { matcher, start, end };
    if (anchored) return undefined;
  }
  return undefined;
}

const startOf = (call: Call, length: number) =>
  Math.min(length, Math.max(0, fromEnd(call.optionalInteger(3, 1), length) - 1));

function find(call: Call): LuaValues {
  const [subject, pattern] = [call.string(1), call.string(2)];
  const from = startOf(call, subject.length);
  call.run.spend(pattern.length >> 5);
  if (truthy(call.at(4)) || !/[\^$*+?.()[%-]/.test(pattern)) {
    call.run.spend((subject.length + pattern.length) >> 3);
    const start = placeOf(subject, pattern, from);
    return start < 0 ? [undefined] : [start + 1, start + pattern.length];
  }
  const match = firstMatch(call.run, subject, pattern, from);
  if (!match) return [undefined];
  const { matcher, start, end } = match;
  return [start + 1, end, ...(matcher.captures.length > 0 ? capturesOf(matcher, start, end) : [])];
}

function match(call: Call): LuaValues {
  const [subject, pattern] = [call.string(1), call.string(2)];
  const found = firstMatch(call.run, subject, pattern, startOf(call, subject.length));
  return found ? capturesOf(found.matcher, found.start, found.end) : [undefined];
}

/** An iterator over the matches; `^` is an ordinary character here. */
function gmatch(call: Call): LuaValues {
  const [subject, pattern] = [call.string(1), call.string(2)];
  let from = 0;
  const next = new LuaFunction((run) => {
    const matcher = new Matcher(run, subject, pattern);
    for (let start = from; start <= subject.length; start += 1) {
      const end = matcher.matchAt(start, 0);
      if (end === undefined) continue;
      // An empty match is passed by, or it would be found for ever.
      from = end === start ? end + 1 : end;
      return capturesOf(matcher, start, end);
    }
    from = subject.length + 1;
    return nothing;
  });
  return [next];
}

/** What a `%1` in a replacement costs besides the text it stands for. */
const directiveCost = 8;

type Replace = (found: Match) => LuaValue;

function replacementOf(call: Call): Replace {
  const { run } = call;
  const replacement = call.at(3);
  if (replacement instanceof LuaFunction) {
    const { line } = run;
    return ({ matcher, start, end }) => {
      run.line = line;
      return invoke(run, replacement, capturesOf(matcher, start, end))[0];
    };
  }
  if (replacement instanceof LuaTable)
    return ({ matcher, start, end }) => replacement.get(matcher.capture(0, start, end));
  if (typeof replacement !== 'string' && typeof replacement !== 'number') {
    throw call.wrong(3, `string/function/table expected, got ${typeName(replacement)}`);
  }
  const text = call.string(3);
  return ({ matcher, start, end }) => {
    run.spend(1 + (text.length >> 3));
    return replaceDirectives(run, text, /%(.?)/gs, directiveCost, (_, what) => {
      if (what < '0' || what > '9') return what;
      const value = matcher.capture(what === '0' ? -1 : Number(what) - 1, start, end);
      const inserted = typeof value === 'number' ? formatNumber(value) : value;
      run.allocateText(inserted.length);
      return inserted;
    });
  };
}

function gsub(call: Call): LuaValues {
  const { run } = call;
  const [subject, pattern] = [call.string(1), call.string(2)];
  const replace = replacementOf(call);
  const most = call.optionalInteger(4, subject.length + 1);
  const anchored = pattern.startsWith('^');
  const matcher = new Matcher(run, subject, pattern);
  const parts: string[] = [];
  let [at, count] = [0, 0];
  const put = (text: string) => {
    run.allocateText(text.length);
    parts.push(text);
  };
  while (count < most) {
    const end = matcher.matchAt(at, anchored ? 1 : 0);
    if (end !== undefined) {
      count += 1;
      const value = replace({ matcher, start: at, end });
      if (!truthy(value)) put(subject.slice(at, end));
      else if (typeof value === 'string') put(value);
      else if (typeof value === 'number') put(formatNumber(value));
      else throw run.error(`invalid replacement value (a ${typeName(value)})`);
    }
    if (end !== undefined && end > at) at = end;
    else if (at < subject.length) put(subject[at++]!);
    else break;
    if (anchored) break;
  }
  put(subject.slice(at));
  return [parts.join(''), count];
}

export const stringLibrary: ReadonlyMap<string, LuaValue> = functionsOf({
  byte,
  char,
  dump: ({ run }) => {
    throw run.error('The Lua function string.dump is not supported.');
  },
  find,
  format,
  gfind: gmatch,
  gmatch,
  gsub,
  len: (call) => [call.string(1).length],
  lower: changed(lower),
  match,
  rep,
  reverse: changed(reverse),
  sub,
  upper: changed(upper),
});

/** The safe part of the os library: the time of the run, in UTC. */
import { LuaTable } from '../table.ts';
import { type LuaValue, type LuaValues, toNumber } from '../value.ts';
import { type Call, functionsOf } from './arguments.ts';
import { replaceDirectives } from './directives.ts';

const days = 'Sunday Monday Tuesday Wednesday Thursday Friday Saturday'.split(' ');
const months = 'January February March April May June July August September October November December'.split(' ');

const two = (value: number) => String(value).padStart(2, '0');
const twelve = (date: Date) => date.getUTCHours() % 12 || 12;
const shortDate = (date: Date) =>
  `${two(date.getUTCDate())} ${months[date.getUTCMonth()]!.slice(0, 3)} ${two(date.getUTCFullYear() % 100)}`;

/** The reference's directives; others stay as they are. */
const directives: Readonly<Record<string, (date: Date) => string>> = {
  a: (date) => days[date.getUTCDay()]!.slice(0, 3),
  A: (date) => days[date.getUTCDay()]!,
  b: (date) => months[date.getUTCMonth()]!.slice(0, 3),
  B: (date) => months[date.getUTCMonth()]!,
  c: (date) => `${shortDate(date)} ${two(date.getUTCHours())}:${two(date.getUTCMinutes())} UTC`,
  d: (date) => two(date.getUTCDate()),
  F: (date) => date.toISOString().slice(0, 10),
  H: (date) => two(date.getUTCHours()),
  I: (date) => two(twelve(date)),
  m: (date) => two(date.getUTCMonth() + 1),
  M: (date) => two(date.getUTCMinutes()),
  p: (date) => (date.getUTCHours() < 12 ? 'AM' : 'PM'),
  P: (date) => (date.getUTCHours() < 12 ? 'am' : 'pm'),
  S: (date) => two(date.getUTCSeconds()),
  w: (date) => String(date.getUTCDay()),
  x: (date) => `${two(date.getUTCMonth() + 1)}/${two(date.getUTCDate())}/${two(date.getUTCFullYear() % 100)}`,
  X: (date) => date.toISOString().slice(11, 19),
  y: (date) => two(date.getUTCFullYear() % 100),
  Y: (date) => String(date.getUTCFullYear()),
  z: () => '+0000',
  Z: () => 'UTC',
};

function broken(date: Date): LuaTable {
  const startOfYear = Date.UTC(date.getUTCFullYear(), 0, 1);
  return new LuaTable({
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hour: date.getUTCHours(),
    min: date.getUTCMinutes(),
    sec: date.getUTCSeconds(),
    wday: date.getUTCDay() + 1,
    yday: Math.floor((date.getTime() - startOfYear) / 86_400_000) + 1,
    isdst: false,
  });
}

/** What a directive costs besides the text it writes. */
const directiveCost = 32;

/** The last second that JavaScript has a date for, in the years ISO writes with four digits. */
const latest = Date.UTC(9999, 11, 31, 23, 59, 59) / 1000;

function date(call: Call): LuaValues {
  const { run } = call;
  const asked = call.at(1) === undefined ? '%c' : call.string(1);
  const seconds = call.optionalInteger(2, Math.floor(run.surroundings.now / 1000));
  if (seconds < 0 || seconds > latest) throw call.wrong(2, 'time out of range');
  const at = new Date(seconds * 1000);
  const format = asked.startsWith('!') ? asked.slice(1) : asked;
  run.allocateText(format.length * 12);
  if (format.startsWith('*t')) return [broken(at)];
  return [
    replaceDirectives(run, format, /%(.)/g, directiveCost, (whole, directive) => {
      if (directive === '%') return '%';
      return Object.hasOwn(directives, directive) ? directives[directive]!(at) : whole;
    }),
  ];
}

function time(call: Call): LuaValues {
  if (call.at(1) === undefined) return [Math.floor(call.run.surroundings.now / 1000)];
  const table = call.table(1);
  const field = (name: string, otherwise?: number): number => {
    const value = toNumber(table.get(name)) ?? otherwise;
    if (value === undefined) throw call.run.error(`field '${name}' missing in date table`);
    return value;
  };
  const day = [field('year'), field('month') - 1, field('day')] as const;
  return [Date.UTC(...day, field('hour', 12), field('min', 0), field('sec', 0)) / 1000];
}

export const osLibrary: ReadonlyMap<string, LuaValue> = functionsOf({ date, time });

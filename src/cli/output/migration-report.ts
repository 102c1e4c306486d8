/** Migrations as people read them: a line for each, and one of them wave by wave. */
import { humanDuration } from '#kube/table/duration.ts';
import { type Holder, type MigrationRecord, stateOf, type WaveRecord } from '#migrate/record/record.ts';
import { parseTimestamp } from '#world/clock/clock.ts';
import type { Colours } from './colour.ts';
import { alignColumns } from './columns.ts';

const goodStates = /\b(applied)\b/;
const badStates = /\b(failed|rolling-back|rolled-back)\b/;

const ago = (time: string, now: number): string => humanDuration(Math.max(0, now - parseTimestamp(time)));

/** Painted after alignment: colour codes have a length of their own. */
function table(rows: readonly (readonly string[])[], { weak, good, bad }: Colours): string {
  const [head = '', ...lines] = alignColumns(rows).trimEnd().split('\n');
  return `${[weak(head), ...lines.map((line) => line.replace(goodStates, good).replace(badStates, bad))].join('\n')}\n`;
}

const sum = (waves: readonly WaveRecord[], of: 'applied' | 'objects'): number =>
  waves.reduce((total, wave) => total + wave[of], 0);

/** `now`: milliseconds since 1970. */
export function migrationTable(records: readonly MigrationRecord[], now: number, paint: Colours): string {
  if (records.length === 0) {
    return `No migrations yet: ${paint.strong('flotilla migrate plan --from CLUSTER --out DIR')} makes a plan of one\n`;
  }
  const rows = records.map((record) => {
    const { plan, from, to, waves, startedAt } = record;
    const done = waves.filter(({ state }) => state === 'applied').length;
    const counts = [`${done}/${waves.length}`, `${sum(waves, 'applied')}/${sum(waves, 'objects')}`];
    return [plan, from.cluster, to.join(','), stateOf(record), ...counts, ago(startedAt, now)];
  });
  return table([['PLAN', 'FROM', 'TO', 'STATE', 'WAVES', 'OBJECTS', 'AGE'], ...rows], paint);
}

const holderWords = (holder: Holder, isGone: boolean, now: number): string =>
  isGone
    ? `${holder.name} worked on it, and has not been heard of for ${ago(holder.renewed, now)}: go on with migrate apply --resume`
    : `${holder.name} works on it`;

/** Failures shown; the rest is in -o yaml. */
const mostShown = 20;

/** `isGone`: whoever holds it does not work on it any more. */
export function migrationStatus(record: MigrationRecord, isGone: boolean, now: number, paint: Colours): string {
  const { plan, from, to, waves, objects = [], holder } = record;
  const rows = waves.map(({ number, title, objects: all, applied, state, since, why }) => [
    String(number),
    title,
    `${applied}/${all}`,
    state,
    ago(since, now),
    ...(why ? [why] : []),
  ]);
  const failed = objects.map(({ object, is, why }) => `  ${object} ${paint.bad(is)}${why ? `: ${why}` : ''}`);
  const more = failed.length > mostShown ? [`  … and ${failed.length - mostShown} more in -o yaml`] : [];
  return [
    `${paint.strong(`Migration ${plan}: ${from.cluster} to ${to.join(', ')}`)}, ${stateOf(record)}\n`,
    holder ? `${paint.weak(holderWords(holder, isGone, now))}\n` : '',
    waves.length > 0 ? table([['WAVE', 'WHAT', 'APPLIED', 'STATE', 'SINCE', 'WHY'], ...rows], paint) : '',
    failed.length > 0 ? `${[...failed.slice(0, mostShown), ...more].join('\n')}\n` : '',
  ]
    .filter((part) => part !== '')
    .join('');
}

/** Migrations as people read them: a line for each, and one of them wave by wave. */
import { humanDuration } from '#kube/table/duration.ts';
import { type Holder, type MigrationRecord, stateOf, type WaveRecord } from '#migrate/record/record.ts';
import { parseTimestamp } from '#world/clock/clock.ts';
import type { Colours } from './colour.ts';
import { alignColumns } from './columns.ts';
import { migrateCommand } from './migrate-commands.ts';

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
  const last = records.reduce((one, other) => (one.startedAt < other.startedAt ? other : one));
  const next = `${paint.weak('Wave by wave:')} ${paint.strong(migrateCommand('status', last.plan))}\n`;
  return `${table([['PLAN', 'FROM', 'TO', 'STATE', 'WAVES', 'OBJECTS', 'AGE'], ...rows], paint)}\n${next}`;
}

const holderWords = (holder: Holder, isGone: boolean, now: number): string =>
  isGone
    ? `${holder.name} worked on it, and has not been heard of for ${ago(holder.renewed, now)}`
    : `${holder.name} works on it`;

/** Failures shown; the rest is in -o yaml. */
const mostShown = 20;

export interface StatusOptions {
  /** Whoever holds it does not work on it any more. */
  readonly isGone: boolean;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Of the plan, as it was given; undefined where it is lost. */
  readonly folder: string | undefined;
  readonly paint: Colours;
}

export function migrationStatus(record: MigrationRecord, options: StatusOptions): string {
  const { isGone, now, paint } = options;
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
    next(record, options),
  ]
    .filter((part) => part !== '')
    .join('');
}

/** Nothing while somebody works on it. Without the folder it can only be given back. */
function next(record: MigrationRecord, { isGone, folder, paint: { weak, strong } }: StatusOptions): string {
  const { holder, plan, waves } = record;
  if (holder && !isGone) return '';
  const say = (words: string, command: string) => `\n${weak(`${words}:`)} ${strong(command)}\n`;
  const state = stateOf(record);
  if (folder === undefined)
    return state === 'rolled-back' ? '' : say('To go back', migrateCommand('rollback', plan, '--dry-run'));
  switch (state) {
    case 'applied':
      return say('Prove it', migrateCommand('verify', folder));
    case 'failed': {
      const wave = waves.find((each) => each.state === 'failed')!;
      return say('Take the wave back', migrateCommand('rollback', folder, `--wave ${wave.number}`));
    }
    case 'rolling-back':
      return say('Finish it', migrateCommand('rollback', folder));
    case 'rolled-back':
      return say('Take it over again', migrateCommand('apply', folder));
    default:
      return say('Go on', migrateCommand('apply', folder, '--resume'));
  }
}

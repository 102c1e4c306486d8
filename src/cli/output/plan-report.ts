/** A migration plan as people read it: what is taken over in which wave, then everything that needs a look. */
import { isAdopted, type MigrationPlan, type PlannedObject } from '#migrate/model.ts';
import type { MadePlan } from '#migrate/plan/run.ts';
import { countOf, eachSkipped, kindsText, skippedIn, totals } from '#migrate/review/counts.ts';
import { type Entry, sectionsOf } from '#migrate/review/sections.ts';
import { changeText } from './changes.ts';
import type { Colours } from './colour.ts';
import { alignColumns } from './columns.ts';
import { migrateCommand } from './migrate-commands.ts';

/** Entries shown of a section: the rest is in plan.yaml. */
const mostEntries = 40;

export interface PlanReportOptions {
  readonly folder: string;
  /** Each object that is left where it is, instead of how many. */
  readonly everySkipped: boolean;
  readonly paint: Colours;
}

export function planReport({ plan, unread }: MadePlan, { folder, everySkipped, paint }: PlanReportOptions): string {
  const sections = sectionsOf(plan, unread).map(
    ({ title, entries }) => `${paint.strong(title)}:\n${entryLines(entries, paint).join('\n')}\n`,
  );
  const left = everySkipped ? eachSkipped(plan).map(([name, why]) => [`  ${name}`, why]) : skippedRows(plan);
  const hint = everySkipped ? '' : paint.weak('  --show-skipped names each of them\n');
  if (left.length > 0) sections.push(`${paint.strong('Left where they are')}:\n${alignColumns(left)}${hint}`);
  return [summary(plan, paint), waves(plan), ...sections, `${total(plan, paint)}${next(plan, folder, paint)}`]
    .filter((part) => part !== '')
    .join('\n');
}

function entryLines(entries: readonly Entry[], paint: Colours): readonly string[] {
  const shown = entries
    .slice(0, mostEntries)
    .flatMap(({ text, details }) => [
      `  ${text}`,
      ...details.map((detail) => `    ${typeof detail === 'string' ? detail : changeText(detail, paint)}`),
    ]);
  const more = entries.length - mostEntries;
  return more > 0 ? [...shown, paint.weak(`  … and ${more} more in plan.yaml`)] : shown;
}

const skippedRows = (plan: MigrationPlan) =>
  skippedIn(plan).map((each) => [`  ${each.count}`, each.why, kindsText(each)]);

const total = (plan: MigrationPlan, { strong }: Colours): string => `${strong('Plan:')} ${totals(plan)}.\n`;

const of = (number: number, what: string): string => `${number} ${what}${number === 1 ? '' : 's'}`;

function summary(plan: MigrationPlan, { strong, good, bad }: Colours): string {
  const { from, to } = plan.spec;
  const taken = plan.objects.filter(isAdopted).length;
  const restarting = countOf(plan, 'restart');
  const refused = countOf(plan, 'conflict') + countOf(plan, 'blocked');
  const others = to.filter((cluster) => cluster !== from.cluster);
  const spread = others.length > 0 ? `, and to be spread to ${others.join(', ')}` : '';
  const overwriting = plan.objects.filter(({ overwrites }) => overwrites).length;
  const parts = [
    restarting === 0 ? good('no Pod is restarted') : bad(`${of(restarting, 'object')} would restart Pods`),
    ...(overwriting > 0 ? [bad(`${of(overwriting, 'object')} would be written over elsewhere`)] : []),
    ...(refused > 0 ? [bad(`${of(refused, 'object')} cannot be taken over`)] : []),
  ];
  return `${strong(`${of(taken, 'object')} of ${from.cluster} to be taken over in ${of(plan.waves.length, 'wave')}`)}${spread}: ${parts.join(', ')}\n`;
}

function waves(plan: MigrationPlan): string {
  if (plan.waves.length === 0) return '';
  const rows = plan.waves.map(({ number, title, objects }) => {
    const own = plan.objects.filter(({ wave }) => wave === number);
    const cell = (is: PlannedObject['verdict']['is']) => String(own.filter(({ verdict }) => verdict.is === is).length);
    return [String(number), title, String(objects), cell('adopt'), cell('change'), cell('restart')];
  });
  return alignColumns([['WAVE', 'WHAT', 'OBJECTS', 'ADOPT', 'CHANGE', 'RESTART'], ...rows]);
}

function next(plan: MigrationPlan, folder: string, { weak, strong }: Colours): string {
  if (!plan.objects.some(isAdopted)) return weak('There is nothing to take over.\n');
  return `${weak('Next, rehearse it on simulated clusters:')} ${strong(migrateCommand('rehearse', folder))}\n`;
}

/** A rehearsal for the terminal: a line for each step, what was found, what it comes to, and what to type next. */
import type { MigrationPlan } from '#migrate/model.ts';
import {
  type Found,
  isClean,
  type Reason,
  type Rehearsal,
  type Replicas,
  restartsOf,
  totalCalls,
} from '#migrate/rehearse/report.ts';
import type { Colours } from './colour.ts';
import { alignColumns } from './columns.ts';
import { migrateCommand, planAgain } from './migrate-commands.ts';

/** Lines shown of each kind; -o json has all of them. */
const mostLines = 30;

/** In the order of the columns; events go beside the work. */
const verbs = ['create', 'patch', 'update', 'delete', 'deletecollection', 'get', 'list', 'watch', 'event'];

const duration = (seconds: number): string =>
  seconds < 120 ? `${seconds} s` : `${Math.ceil(seconds / 60).toLocaleString('en')} min`;

function stepTable({ steps, rate }: Rehearsal): string {
  const rows = steps.map(({ step, outcome, found, calls, seconds }) => {
    const restarts = found.filter(({ is }) => is === 'restart').length;
    return [
      step,
      outcome,
      String(restarts),
      String(found.length - restarts),
      String(totalCalls(calls)),
      duration(seconds),
    ];
  });
  return alignColumns([['STEP', 'OUTCOME', 'RESTARTS', 'CHANGES', 'API CALLS', `AT ${rate}/S`], ...rows]);
}

function callTable({ steps }: Rehearsal): string {
  const rows = steps.flatMap(({ step, calls }) =>
    Object.entries(calls).map(([server, byVerb]) => [step, server, ...verbs.map((verb) => String(byVerb[verb] ?? 0))]),
  );
  return alignColumns([
    ['STEP', 'CALLS TO', ...verbs.map((verb) => (verb === 'event' ? 'EVENTS' : verb.toUpperCase()))],
    ...rows,
  ]);
}

export interface RehearsalReportOptions {
  /** Of the plan, as it was given. */
  readonly folder: string;
  readonly spec: MigrationPlan['spec'];
  readonly paint: Colours;
}

export function rehearsalReport(rehearsal: Rehearsal, options: RehearsalReportOptions): string {
  const { paint } = options;
  const { plan, cluster, clusters, loaded, steps, refused, unmanaged, left, notes } = rehearsal;
  const found = steps.flatMap((each) => each.found.map((one) => ({ ...one, step: each.step })));
  const list = (title: string, lines: readonly string[]) =>
    lines.length === 0
      ? []
      : [
          `${paint.strong(title)}:`,
          ...lines.slice(0, mostLines).map((line) => `  ${line}`),
          ...(lines.length > mostLines ? [`  … and ${lines.length - mostLines} more in -o json`] : []),
          '',
        ];
  const findings = (of: Found['is']) =>
    found.filter(({ is }) => is === of).map((each) => `${each.step}: ${each.object} in ${each.cluster}: ${each.what}`);
  const reasons = (some: readonly Reason[]) => some.map(({ object, why }) => `${object}: ${why}`);
  return [
    `${paint.strong(`Rehearsal of ${plan}: ${cluster} to ${clusters.join(', ')}`)}, on a copy of ${loaded.objects} objects, ${loaded.pods} Pods among them`,
    '',
    ...(steps.length > 0 ? [stepTable(rehearsal), callTable(rehearsal)] : []),
    ...list('Restarted', findings('restart')),
    ...list('Changed', findings('change')),
    ...list('Refused by apply', reasons(refused)),
    ...lossLines(rehearsal, list),
    ...list('Not under management', reasons(unmanaged)),
    ...list('Left behind by rollback', reasons(left)),
    ...list('Worth a look', notes),
    summary(rehearsal, paint),
    next(rehearsal, options),
    '',
  ].join('\n');
}

/** `member1: 2, member2: 1`. */
const placesText = (places: Replicas): string =>
  Object.entries(places)
    .map(([cluster, replicas]) => (replicas === undefined ? cluster : `${cluster}: ${replicas}`))
    .join(', ');

function lossLines(
  { loss }: Rehearsal,
  list: (title: string, lines: readonly string[]) => readonly string[],
): readonly string[] {
  if (!loss) return [];
  const { cluster, moved, stranded } = loss;
  return [
    ...list(
      `Where ${cluster}'s would go`,
      moved.map(({ object, from, to }) => `${object}: ${placesText(from)} -> ${placesText(to)}`),
    ),
    ...list(
      `Without a place while ${cluster} is gone`,
      stranded.map(({ object, why }) => `${object}: ${why}`),
    ),
  ];
}

const counted = (objects: number): string => (objects === 1 ? '1 object' : `${objects} objects`);

function summary(rehearsal: Rehearsal, { good, bad }: Colours): string {
  const { objects, steps, refused, unmanaged, left } = rehearsal;
  if (steps.length === 0) return bad(`Not rehearsed: apply would refuse the plan, for ${counted(refused.length)}.`);
  const counts = [
    `${restartsOf(rehearsal).length} restarts`,
    `${refused.length} refused`,
    `${unmanaged.length} not under management`,
    `${left.length} left behind`,
  ].join(', ');
  return isClean(rehearsal)
    ? good(`Clean: ${counted(objects)}, ${counts}.`)
    : bad(`Not clean: ${counted(objects)}, ${counts}.`);
}

function next(rehearsal: Rehearsal, { folder, spec, paint: { weak, strong } }: RehearsalReportOptions): string {
  if (rehearsal.steps.length === 0) return `${weak('Next, make it anew:')} ${strong(planAgain(spec, folder))}`;
  const words = isClean(rehearsal) ? 'Next:' : 'Next, once you have looked at it:';
  return `${weak(words)} ${strong(migrateCommand('apply', folder))}`;
}

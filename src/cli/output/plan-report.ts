/** A migration plan as people read it: what is taken over in which wave, then everything that needs a look. */

import { isAdopted, type MigrationPlan, type OwnedField, type PlannedObject, titleOf } from '#migrate/model.ts';
import type { MadePlan } from '#migrate/plan/run.ts';
import type { Colours } from './colour.ts';
import { alignColumns } from './columns.ts';
import { lackLines } from './lacks.ts';

type Section = readonly [title: string, lines: readonly string[]];

/** Fields shown of one object: the rest is in plan.yaml. */
const mostFields = 10;
/** Objects shown in a section. */
const mostObjects = 40;

export function planReport({ plan, unread }: MadePlan, folder: string, paint: Colours): string {
  const sections: readonly Section[] = [
    [
      'Would restart or stop Pods (apply refuses these unless --allow-restart names them)',
      plan.objects.flatMap((object) =>
        object.verdict.is === 'restart' ? withFields(object, object.verdict.fields) : [],
      ),
    ],
    [
      'In other clusters already, and not the same (apply leaves these out unless --overwrite names them)',
      plan.objects.flatMap((object) =>
        (object.overwrites ?? []).flatMap(({ cluster, fields }) => [
          `  ${titleOf(object)} in ${cluster}`,
          ...limited(fields.map((path) => `    ${path}`)),
        ]),
      ),
    ],
    ['In conflict', reasons(plan, 'conflict')],
    ['Blocked', reasons(plan, 'blocked')],
    [
      'Taken over with changes, no Pod restarts',
      plan.objects.flatMap((object) =>
        object.verdict.is === 'change'
          ? [`  ${titleOf(object)}`, ...limited(object.verdict.fields.map((path) => `    ${path}`))]
          : [],
      ),
    ],
    [
      'Kept as they are in the cluster: controllers set them, and the templates leave them to those',
      plan.objects.flatMap((object) => (object.kept ? withFields(object, object.kept) : [])),
    ],
    ['What they need or what belongs to them', lackLines(plan)],
    ['Changed by override policies of the control plane', plan.objects.flatMap(overridden)],
    [
      'Worth a look',
      [
        ...(plan.notes ?? []).map((note) => `  ${note}`),
        ...plan.objects.flatMap((object) => (object.notes ?? []).map((note) => `  ${titleOf(object)}: ${note}`)),
      ],
    ],
    ['Not read', unread.map(({ resource, why }) => `  ${resource}: ${why}`)],
    ['Left where they are', skipped(plan)],
  ];
  const shown = sections
    .filter(([, lines]) => lines.length > 0)
    .map(([title, lines]) => `${paint.strong(title)}:\n${lines.slice(0, mostObjects * 4).join('\n')}\n`);
  return [summary(plan, paint), waves(plan), ...shown, next(plan, folder, paint)]
    .filter((part) => part !== '')
    .join('\n');
}

const count = ({ objects }: MigrationPlan, is: PlannedObject['verdict']['is']): number =>
  objects.filter(({ verdict }) => verdict.is === is).length;

const of = (number: number, what: string): string => `${number} ${what}${number === 1 ? '' : 's'}`;

function summary(plan: MigrationPlan, { strong, good, bad }: Colours): string {
  const { from, to } = plan.spec;
  const taken = plan.objects.filter(isAdopted).length;
  const restarting = count(plan, 'restart');
  const refused = count(plan, 'conflict') + count(plan, 'blocked');
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

const limited = (lines: readonly string[]): readonly string[] =>
  lines.length <= mostFields
    ? lines
    : [...lines.slice(0, mostFields), `    … and ${lines.length - mostFields} more in plan.yaml`];

const withFields = (object: PlannedObject, fields: readonly OwnedField[]): readonly string[] => [
  `  ${titleOf(object)}`,
  ...limited(
    fields.map(({ path, managers }) => `    ${path}${managers.length > 0 ? `   owned by ${managers.join(', ')}` : ''}`),
  ),
];

const overridden = (object: PlannedObject): readonly string[] =>
  (object.overrides ?? []).flatMap(({ policy, clusters, fields }) => [
    `  ${titleOf(object)}: ${policy} in ${clusters.join(', ')}`,
    ...limited(fields.map((path) => `    ${path}`)),
  ]);

const reasons = ({ objects }: MigrationPlan, is: 'conflict' | 'blocked'): readonly string[] =>
  objects.flatMap((object) => (object.verdict.is === is ? [`  ${titleOf(object)}: ${object.verdict.reason}`] : []));

/** Counted by why and what: there are many. */
function skipped({ objects }: MigrationPlan): readonly string[] {
  const counts = new Map<string, number>();
  for (const { kind, verdict } of objects) {
    if (verdict.is !== 'skip') continue;
    const key = `${kind}\t${verdict.reason.replace(/^owned by (\S+) .*/, 'owned by a $1')}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const rows = [...counts].sort(([, a], [, b]) => b - a).map(([key, number]) => [`  ${number}`, ...key.split('\t')]);
  return rows.length > 0 ? alignColumns(rows).trimEnd().split('\n') : [];
}

function next(plan: MigrationPlan, folder: string, { weak, strong }: Colours): string {
  if (!plan.objects.some(isAdopted)) return weak('There is nothing to take over.\n');
  return `${weak('Next, rehearse it on simulated clusters:')} ${strong(`flotilla migrate rehearse ${folder}`)}\n`;
}

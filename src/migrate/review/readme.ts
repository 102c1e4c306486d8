/**
 * A plan as the page that reviewers of its folder read first. The same cluster and the same control plane give the same
 * page to the letter: it holds no times. Pure.
 */
import type { JsonValue } from '#kube/meta/object.ts';
import { type Change, isAdopted, type MigrationPlan } from '../model.ts';
import { kindsText, skippedIn, totals } from './counts.ts';
import { type Detail, type Section, sectionsOf } from './sections.ts';
import { aboutChange } from './words.ts';

/** Entries of a section: pages that nobody reads to the end help nobody. */
const mostEntries = 200;

export interface ReadmeContent {
  readonly plan: MigrationPlan;
  readonly unread?: readonly { readonly resource: string; readonly why: string }[];
}

const heading = '# Migration plan ';

/** Whether a page is one of these: somebody else's is left alone. */
export const isReadme = (text: string): boolean => text.startsWith(heading);

export function readmeOf({ plan, unread = [] }: ReadmeContent): string {
  const { from, to } = plan.spec;
  const others = to.filter((cluster) => cluster !== from.cluster);
  const spread = others.length > 0 ? `, and spread to ${others.map(code).join(', ')}` : '';
  return [
    `${heading}${plan.metadata.name}`,
    `What runs in ${code(from.cluster)} is taken over in place${spread}: ${totals(plan)}.`,
    ...wavesTable(plan),
    ...sectionsOf(plan, unread).map(sectionText),
    ...skippedTable(plan),
    howToGoOn,
  ]
    .join('\n\n')
    .concat('\n');
}

const howToGoOn = `## How to go on

\`plan.yaml\` holds every verdict and the resourceVersion it was made of, \`templates/\` what is written to the control
plane, \`policies/\` where it goes. What Secrets hold is in none of them: it is read from the cluster when the plan is applied.

    flotilla migrate rehearse DIR   # on a copy of the clusters
    flotilla migrate apply DIR      # wave by wave
    flotilla migrate verify DIR     # the proof
    flotilla migrate rollback DIR   # all of it back`;

/** Names come from the cluster: nothing of them may end the code they stand in. */
const code = (text: string): string => `\`${text.replaceAll('`', "'")}\``;
const escaped = (text: string): string => text.replaceAll(/[\\`*_[\]<>|#]/g, '\\$&').replaceAll('\n', ' ');

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows].map(row).join('\n');
}

function wavesTable({ waves, objects }: MigrationPlan): readonly string[] {
  if (waves.length === 0) return [];
  const restarting = (wave: number) =>
    objects.filter((each) => each.wave === wave && isAdopted(each) && each.verdict.is === 'restart').length;
  const rows = waves.map(({ number, title, objects: count }) => [
    String(number),
    escaped(title),
    String(count),
    String(restarting(number)),
  ]);
  return [table(['Wave', 'What', 'Objects', 'Would restart Pods'], rows)];
}

function sectionText({ title, entries }: Section): string {
  const shown = entries.slice(0, mostEntries).map(({ text, details }) => `- ${escaped(text)}${fenced(details)}`);
  const more = entries.length - mostEntries;
  return [`## ${title}\n`, ...shown, ...(more > 0 ? [`- … and ${more} more in plan.yaml`] : [])].join('\n');
}

/** As `diff` shows it, which code reviews colour. */
function fenced(details: readonly Detail[]): string {
  if (details.length === 0) return '';
  const lines = details.flatMap((detail) => (typeof detail === 'string' ? [`  ${detail}`] : diffLines(detail)));
  return `\n\n${['```diff', ...lines.map((line) => line.replaceAll('```', "'''")), '```'].map((line) => `  ${line}`).join('\n')}\n`;
}

function diffLines(change: Change): readonly string[] {
  const { is, path, before, after } = change;
  const about = aboutChange(change);
  const owners = about === '' ? '' : `   ${about}`;
  const line = (sign: string, value: JsonValue | undefined, end = '') =>
    `${sign} ${path}: ${JSON.stringify(value ?? null)}${end}`;
  return [
    ...(is === 'added' ? [] : [line('-', before, owners)]),
    ...(is === 'removed' ? [] : [line('+', after, is === 'added' ? owners : '')]),
  ];
}

function skippedTable(plan: MigrationPlan): readonly string[] {
  const rows = skippedIn(plan).map((each) => [String(each.count), escaped(each.why), escaped(kindsText(each))]);
  return rows.length > 0 ? [`## Left where they are\n\n${table(['How many', 'Why', 'Of what'], rows)}`] : [];
}

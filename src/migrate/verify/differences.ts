/** What differs, on the page: a card for each object, the worst first. Pure. */
import type { FieldChange, Severity } from '../evidence/change.ts';
import type { Difference } from '../evidence/compare.ts';
import { escaped, plural } from './markup.ts';

export const words: Readonly<Record<Severity, string>> = {
  restart: 'restarted',
  change: 'changed',
  drift: 'changed by others since',
  note: 'expected',
};

/** The worst first. */
export const severities: readonly Severity[] = ['restart', 'change', 'drift', 'note'];

/** Fields of one finding that are shown at once; the rest is folded. */
const mostOpen = 5;

const shownValue = (text: string | undefined): string =>
  text === undefined ? '<span class="weak">not there</span>' : `<code>${escaped(text)}</code>`;

const fieldItem = ({ path, before, after }: FieldChange): string =>
  `<li><code>${escaped(path || 'the order of its lists')}</code>: <del>${shownValue(before)}</del> → <ins>${shownValue(after)}</ins></li>`;

/** A field of which neither value is known tells nothing beyond its name, which has been told. */
function fieldsList(fields: readonly FieldChange[]): string {
  const known = fields.filter(({ before, after }) => before !== undefined || after !== undefined);
  const list = (some: readonly FieldChange[]) => `<ul class="fields">${some.map(fieldItem).join('')}</ul>`;
  const rest = known.slice(mostOpen);
  const folded =
    rest.length > 0 ? `<details><summary>${plural(rest.length, 'more field')}</summary>${list(rest)}</details>` : '';
  return known.length === 0 ? '' : list(known.slice(0, mostOpen)) + folded;
}

const finding =
  (worst: Severity) =>
  ({ is, what, fields = [] }: Difference): string =>
    `<li>${is === worst ? '' : `<span class="weak">${words[is]}:</span> `}${escaped(what)}${fieldsList(fields)}</li>`;

const rank = (differences: readonly Difference[]): number =>
  Math.min(...differences.map(({ is }) => severities.indexOf(is)));

function card(differences: readonly Difference[]): string {
  const { object, cluster } = differences[0]!;
  const worst = severities[rank(differences)]!;
  const found = differences.toSorted((a, b) => severities.indexOf(a.is) - severities.indexOf(b.is));
  return `<section class="card ${worst}"><h3>${escaped(object)} <span class="weak">in ${escaped(cluster)}</span> <span class="is">${words[worst]}</span></h3><ul>${found.map(finding(worst)).join('\n')}</ul></section>`;
}

function cards(differences: readonly Difference[]): string {
  const byObject = Map.groupBy(differences, ({ object, cluster }) => `${cluster}\n${object}`);
  const sorted = [...byObject.values()].sort((a, b) => rank(a) - rank(b));
  return sorted.map(card).join('\n');
}

export function differencesSection(differences: readonly Difference[]): string {
  const bad = differences.filter(({ is }) => is !== 'note');
  const notes = differences.filter(({ is }) => is === 'note');
  return [
    '<h2>What differs</h2>',
    bad.length > 0 ? cards(bad) : '<p>Nothing that the migration or anybody else is to be asked about.</p>',
    notes.length > 0
      ? `<details><summary>${notes.length} expected or worth a look: no failures</summary>${cards(notes)}</details>`
      : '',
  ].join('\n');
}

/** A field's change for the terminal: what it was, what it becomes, who owns it. */
import type { JsonValue } from '#kube/meta/object.ts';
import type { Change } from '#migrate/model.ts';
import { someId } from '#migrate/plan/write.ts';
import { aboutChange } from '#migrate/review/words.ts';
import type { Colours } from './colour.ts';

/** Letters shown of one value. */
const longestValue = 160;

export function changeText(change: Change, { good, bad, changed, weak }: Colours): string {
  const { is, path, before, after } = change;
  const about = aboutChange(change);
  const owners = about === '' ? '' : weak(`   ${about}`);
  if (is === 'added') return `${good(`+ ${path}: ${valueText(after)}`)}${owners}`;
  if (is === 'removed') return `${bad(`- ${path}: ${valueText(before)}`)}${owners}`;
  return `${changed('~')} ${path}: ${bad(valueText(before))} -> ${good(valueText(after))}${owners}`;
}

function valueText(value: JsonValue | undefined): string {
  if (value === someId) return '(made then)';
  const text = JSON.stringify(value ?? null).replaceAll(someId, '(made then)');
  return text.length > longestValue ? `${text.slice(0, longestValue)}…` : text;
}

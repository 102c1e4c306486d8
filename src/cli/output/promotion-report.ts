/** What promoting would do, as people read it: the template, the policy, and every field that changes in the member. */
import type { Policy } from '#apis/policy/matching.ts';
import { keyOf } from '#kube/meta/key.ts';
import type { JsonObject, JsonValue, UnstructuredObject } from '#kube/meta/object.ts';
import { toYaml } from '#kube/yaml/yaml.ts';
import type { Verdict } from '#migrate/model.ts';
import { someId } from '#migrate/plan/write.ts';
import type { Change } from '#migrate/promote/changes.ts';
import type { Piece, Promotion } from '#migrate/promote/promotion.ts';
import type { Colours } from './colour.ts';

/** Fields shown of one object. */
const mostChanges = 60;
/** Letters shown of one value. */
const longestValue = 160;

const spoken = ({ kind, metadata }: UnstructuredObject | Policy): string => `${kind} ${keyOf({ metadata })}`;

export function promotionReport(
  { main, companions, policy, left, missing }: Promotion,
  cluster: string,
  paint: Colours,
) {
  const pieces = [...companions, main].map((piece) => pieceReport(piece, cluster, paint));
  const made = policy
    ? [`${paint.strong(`${spoken(policy)}, the policy that would be made:`)}\n${indented(policy)}`]
    : [];
  const notes = [...left, ...missing].map((line) => `  ${line}\n`);
  const beside = notes.length > 0 ? [`${paint.strong('Worth a look:')}\n${notes.join('')}`] : [];
  return [...pieces, ...made, ...beside].join('\n');
}

const indented = (object: unknown): string => toYaml(object).replace(/^(?=.)/gm, '  ');

function pieceReport({ template, verdict, changes, notes, because }: Piece, cluster: string, paint: Colours): string {
  const why = because ? paint.weak(` (${because})`) : '';
  const { strong } = paint;
  return [
    `${strong(`${spoken(template)}:`)} ${verdictText(verdict, paint)}${why}\n`,
    ...notes.map((note) => `  ${note}\n`),
    `${strong('  The template that would be made:')}\n`,
    indented(withoutSecrets(template)).replace(/^(?=.)/gm, '  '),
    ...(verdict.is === 'blocked' ? [] : changesText(template, changes, cluster, paint)),
  ].join('');
}

function verdictText(verdict: Verdict, { good, bad }: Pick<Colours, 'good' | 'bad'>): string {
  switch (verdict.is) {
    case 'adopt':
      return good('only metadata is written, no Pod is restarted');
    case 'change':
      return good('fields change, no Pod is restarted');
    case 'restart':
      return bad('its Pods would be restarted or stopped; refused without --allow-restart');
    default:
      return bad(`cannot be taken over: ${verdict.reason}`);
  }
}

function changesText(template: UnstructuredObject, changes: readonly Change[], cluster: string, paint: Colours) {
  const { strong, weak } = paint;
  if (changes.length === 0) return [strong(`  In ${cluster} nothing changes.\n`)];
  const others = changes.filter((change) => !isMark(change));
  const marks = changes.filter(isMark).map(({ path }) => path.replace(marked, ''));
  const more = others.length - mostChanges;
  return [
    strong(`  What the write would change in ${cluster}:\n`),
    ...others.slice(0, mostChanges).map((change) => `    ${changeText(template, change, paint)}\n`),
    ...(more > 0 ? [weak(`    … and ${more} more\n`)] : []),
    ...(marks.length > 0 ? [`    ${paint.good('+ marks of management:')} ${weak(marks.join(', '))}\n`] : []),
  ];
}

const marked = /^\.metadata\.(?:labels|annotations)\./;

/** Labels and annotations that every managed object has: by their names alone, there are a dozen. */
const isMark = ({ is, path }: Change): boolean =>
  is === 'added' && marked.test(path) && /^[^/]*\b(?:karmada|flotilla)\.io\//.test(path.replace(marked, ''));

function changeText(template: UnstructuredObject, change: Change, { good, bad, weak }: Colours): string {
  const { is, path, before, after, managers } = change;
  const show = (value: JsonValue | undefined) => (isSecret(template, path) ? '(hidden)' : valueText(value));
  const owners = managers.length > 0 ? weak(`   owned by ${managers.join(', ')}`) : '';
  if (is === 'added') return `${good(`+ ${path}: ${show(after)}`)}${owners}`;
  if (is === 'removed') return `${bad(`- ${path}: ${show(before)}`)}${owners}`;
  return `~ ${path}: ${bad(show(before))} -> ${good(show(after))}${owners}`;
}

function valueText(value: JsonValue | undefined): string {
  if (value === someId) return '(made then)';
  const text = JSON.stringify(value ?? null).replaceAll(someId, '(made then)');
  return text.length > longestValue ? `${text.slice(0, longestValue)}…` : text;
}

/** The record of a client-side apply holds the data too. */
const holdsData = ['kubectl.kubernetes.io/last-applied-configuration', '.data.', '.data', '.stringData'];

const isSecret = ({ apiVersion, kind }: UnstructuredObject, path: string): boolean =>
  apiVersion === 'v1' && kind === 'Secret' && holdsData.some((part) => path.includes(part));

/** Secrets are shown by the names of what they hold. */
function withoutSecrets(template: UnstructuredObject): UnstructuredObject {
  if (template.apiVersion !== 'v1' || template.kind !== 'Secret') return template;
  const hidden = (fields: unknown): JsonObject =>
    Object.fromEntries(Object.keys((fields ?? {}) as JsonObject).map((key) => [key, '(hidden)']));
  const { annotations } = template.metadata;
  const kept = Object.entries(annotations ?? {}).map(([key, value]) => [
    key,
    holdsData.includes(key) ? '(hidden)' : value,
  ]);
  return {
    ...template,
    metadata: { ...template.metadata, ...(annotations ? { annotations: Object.fromEntries(kept) } : {}) },
    ...(template.data ? { data: hidden(template.data) } : {}),
    ...(template.stringData ? { stringData: hidden(template.stringData) } : {}),
  };
}

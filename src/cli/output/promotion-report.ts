/** What promoting would do, as people read it: the template, the policy, and every field that changes in the member. */
import { lastApplied } from '#apis/names/annotations.ts';
import type { Policy } from '#apis/policy/matching.ts';
import { keyOf } from '#kube/meta/key.ts';
import type { JsonObject, UnstructuredObject } from '#kube/meta/object.ts';
import { toYaml } from '#kube/yaml/yaml.ts';
import { markIn, toldChange } from '#migrate/changes/told.ts';
import { isSecret, withoutSecretData } from '#migrate/directory/secret-data.ts';
import type { Change, Verdict } from '#migrate/model.ts';
import type { Piece, Promotion } from '#migrate/promote/promotion.ts';
import { changeText } from './changes.ts';
import type { Colours } from './colour.ts';

/** Fields shown of one object. */
const mostChanges = 60;

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
  const others = changes.filter((change) => markIn(change) === undefined);
  const marks = changes.flatMap((change) => markIn(change) ?? []);
  const more = others.length - mostChanges;
  return [
    strong(`  What the write would change in ${cluster}:\n`),
    ...others.slice(0, mostChanges).map((change) => `    ${changeText(toldChange(template, change), paint)}\n`),
    ...(more > 0 ? [weak(`    … and ${more} more\n`)] : []),
    ...(marks.length > 0 ? [`    ${paint.good('+ marks of management:')} ${weak(marks.join(', '))}\n`] : []),
  ];
}

/** Secrets are shown by the names of what they hold. */
function withoutSecrets(template: UnstructuredObject): UnstructuredObject {
  if (!isSecret(template)) return template;
  const hidden = (fields: unknown): JsonObject =>
    Object.fromEntries(Object.keys((fields ?? {}) as JsonObject).map((key) => [key, '(hidden)']));
  const shown = withoutSecretData(template);
  const kept = shown.metadata.annotations ?? {};
  const annotations = Object.fromEntries(
    Object.entries(template.metadata.annotations ?? {}).map(([key, value]) => [
      key,
      key in kept && key !== lastApplied ? value : '(hidden)',
    ]),
  );
  return {
    ...shown,
    metadata: { ...template.metadata, ...(template.metadata.annotations ? { annotations } : {}) },
    ...(template.data ? { data: hidden(template.data) } : {}),
    ...(template.stringData ? { stringData: hidden(template.stringData) } : {}),
  };
}

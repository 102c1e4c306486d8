/** A preview for the terminal: what would happen in one line, template by template, and everything that needs a look. */
import { type ClusterOutcome, harmed, type Preview, type TemplateOutcome } from '#migrate/preview/model.ts';
import { titleOfSubject } from '#migrate/why/words.ts';
import type { Colours } from './colour.ts';
import { alignColumns } from './columns.ts';

/** Templates shown; all of them are in -o json. */
const mostTemplates = 100;
/** Fields shown of one object in one cluster. */
const mostFields = 6;

/** `given`: `-f policies -R`, for the command that applies what was previewed; '' where there are no files. */
export function previewReport(preview: Preview, given: string, paint: Colours): string {
  const { policies, templates, untouched } = preview;
  const shown = templates.slice(0, mostTemplates);
  const more = templates.length - shown.length;
  const rows = shown.flatMap(templateRows);
  const notes = shown.flatMap((template) => templateNotes(template, paint));
  return [
    ...policies.map(({ policy, is, refused }) =>
      refused === undefined ? `${policy} (${is})` : paint.bad(`${policy} would be refused: ${refused}`),
    ),
    summary(preview, paint),
    '',
    ...(rows.length > 0 ? [alignColumns([['TEMPLATE', 'POLICY', 'CLUSTER', 'REPLICAS', 'WHAT'], ...rows])] : []),
    ...(notes.length > 0 ? [...notes, ''] : []),
    ...(more > 0 ? [`… and ${more} more templates: -o json has all of them`, ''] : []),
    ...(untouched > 0 ? [paint.weak(`${count(untouched, 'template')} concerned, for which nothing changes`), ''] : []),
    ...next(preview, given, paint),
  ].join('\n');
}

/** The commands that do it. */
function next(preview: Preview, given: string, { weak, strong }: Colours): readonly string[] {
  const { policies } = preview;
  if (policies.some(({ is }) => is === 'refused')) return [];
  const applied = given === '' ? [] : [`flotilla apply ${given}`];
  const deleted = policies.flatMap(({ policy, is }) => {
    const [kind = '', title = ''] = policy.split(' ');
    const [name, namespace] = title.split('/').reverse();
    return is === 'deleted'
      ? [`flotilla delete ${kind.toLowerCase()}/${name}${namespace ? ` -n ${namespace}` : ''}`]
      : [];
  });
  const commands = [...applied, ...deleted];
  return commands.length > 0
    ? [`${weak(harmed(preview).length > 0 ? 'Next, if it is meant:' : 'Next:')} ${strong(commands.join(' && '))}`, '']
    : [];
}

const count = (number: number, what: string) => `${number} ${what}${number === 1 ? '' : 's'}`;

function summary(preview: Preview, { strong, good, bad }: Colours): string {
  const { templates, policies } = preview;
  if (templates.length === 0 && policies.every(({ is }) => is === 'refused')) return bad('Nothing would change.');
  const of = (is: ClusterOutcome['is']) =>
    templates.flatMap(({ clusters }) => clusters).filter((each) => each.is === is).length;
  const hurt = harmed(preview).length;
  const conflicts = templates.flatMap(({ clusters }) => clusters).filter(({ conflict }) => conflict).length;
  const parts = [
    `${count(of('comes'), 'Work')} created`,
    `${of('leaves')} removed`,
    `${of('changes')} changed`,
    ...(conflicts > 0 ? [bad(count(conflicts, 'conflict'))] : []),
    hurt === 0
      ? good('no Pod stops or restarts')
      : bad(`${count(hurt, 'template')} would lose Pods, a place or a policy`),
  ];
  return `${strong(`${count(templates.length, 'template')} affected`)}: ${parts.join(', ')}`;
}

function templateRows({ object, owner, clusters }: TemplateOutcome): readonly (readonly string[])[] {
  const { before = 'none', after = 'none' } = owner;
  const policy = before === after ? after : `${before} -> ${after}`;
  const title = titleOfSubject(object);
  if (clusters.length === 0) return [[title, policy, '', '', owner.is]];
  return clusters.map((each, i) => [
    i === 0 ? title : '',
    i === 0 ? policy : '',
    each.cluster,
    replicasText(each),
    whatText(each),
  ]);
}

function replicasText({ replicas }: ClusterOutcome): string {
  if (!replicas) return '';
  const { before = 0, after = 0 } = replicas;
  return before === after ? String(after) : `${before} -> ${after}`;
}

function whatText({ is, stops, restarts = [], conflict, fields = [] }: ClusterOutcome): string {
  if (conflict) return 'conflict';
  if (restarts.length > 0) return 'Pods restart';
  if (stops) return is === 'leaves' ? 'removed, its Pods stop' : 'Pods stop';
  if (is === 'comes') return 'created';
  if (is === 'leaves') return 'removed';
  return fields.length > 0 ? `${count(fields.length, 'field')} changed` : 'held back';
}

function templateNotes(template: TemplateOutcome, { strong, bad, weak }: Colours): readonly string[] {
  const { object, failure, loses, notes = [], clusters } = template;
  const lines = [
    ...(loses ? [bad('loses its place')] : []),
    ...(failure === undefined ? [] : [bad(failure)]),
    ...notes,
    ...clusters.flatMap(({ cluster, fields = [], restarts = [], conflict, notes: own = [] }) => [
      ...(conflict ? [bad(`${cluster}: ${conflict}`)] : []),
      ...own.map((note) => `${cluster}: ${note}`),
      ...fields
        .slice(0, mostFields)
        .map((path) => `${cluster}: ${path}${restarts.includes(path) ? bad('  restarts Pods') : ''}`),
      ...(fields.length > mostFields ? [weak(`${cluster}: … and ${fields.length - mostFields} more fields`)] : []),
    ]),
  ];
  return lines.length > 0 ? [strong(titleOfSubject(object)), ...lines.map((line) => `  ${line}`)] : [];
}

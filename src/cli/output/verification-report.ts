/** A verification for the terminal: what was compared, what differs, what is not managed, and what to type next. */
import type { Difference } from '#migrate/evidence/compare.ts';
import type { Report } from '#migrate/verify/report.ts';
import type { Colours } from './colour.ts';
import { alignColumns } from './columns.ts';
import { migrateCommand } from './migrate-commands.ts';

/** Lines shown of each kind; the page has all of them. */
const mostLines = 50;
/** Fields shown of one difference. */
const mostFields = 8;

const plural = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`;

function table({ coverage, differences, unmanaged, open, state, clusters }: Report, paint: Colours): string {
  const count = (is: Difference['is']) => differences.filter((each) => each.is === is).length;
  const [restarted, changed, drifted] = [count('restart'), count('change'), count('drift')];
  const same = changed + drifted === 0 ? paint.good('as before') : paint.bad(plural(changed + drifted, 'difference'));
  const rolledBack = state === 'rolled-back';
  const away = [
    ...(unmanaged.length > 0 ? [paint.bad(`${unmanaged.length} are not`)] : []),
    ...(open > 0 ? [paint.bad(`${open} not yet`)] : []),
  ];
  return alignColumns([
    ['CHECKED', 'HOW MANY', 'RESULT'],
    [
      'Pods and containers',
      `${coverage.pods} and ${coverage.containers}`,
      restarted === 0 ? paint.good('none restarted by the migration') : paint.bad(plural(restarted, 'restart')),
    ],
    ['objects, revisions, endpoints', `${coverage.objects}, ${coverage.revisions}, ${coverage.endpoints}`, same],
    [
      rolledBack ? 'given back' : 'under management',
      String(rolledBack ? coverage.givenBack : coverage.managed),
      away.length === 0 ? paint.good('all') : away.join(', '),
    ],
    ...(!rolledBack && coverage.givenBack > 0
      ? [['given back', String(coverage.givenBack), 'taken over no more']]
      : []),
    ...(clusters.length > 1
      ? [['copies in other clusters', String(coverage.copies), `${coverage.there} were there before`]]
      : []),
  ]);
}

/** `.spec.replicas: 3 → 5` */
function fieldLines({ fields = [] }: Difference): readonly string[] {
  const known = fields.filter(({ before, after }) => before !== undefined || after !== undefined);
  const lines = known
    .slice(0, mostFields)
    .map(({ path, before = '(none)', after = '(none)' }) => `    ${path}: ${before} → ${after}`);
  return known.length > mostFields ? [...lines, `    … and ${known.length - mostFields} more`] : lines;
}

export function verificationReport(result: Report, folder: string, paint: Colours): string {
  const { cluster, differences, unmanaged, proven, checksum, expected, unseen, leftOut } = result;
  const title = ({ object, cluster: place }: { readonly object: string; readonly cluster: string }) =>
    place === cluster ? object : `${object} in ${place}`;
  const list = (heading: string, entries: readonly (readonly string[])[]) =>
    entries.length === 0
      ? []
      : [
          `${paint.strong(heading)}:`,
          ...entries.slice(0, mostLines).flatMap(([line, ...below]) => [`  ${line}`, ...below]),
          ...(entries.length > mostLines ? [`  … and ${entries.length - mostLines} more`] : []),
          '',
        ];
  const told = (heading: string, is: Difference['is']) =>
    list(
      heading,
      differences.filter((each) => each.is === is).map((each) => [`${title(each)}: ${each.what}`, ...fieldLines(each)]),
    );
  const counts = [
    ...(expected.controllers > 0 ? [`${plural(expected.controllers, 'field')} by controllers`] : []),
    ...(expected.templates > 0 ? [`${plural(expected.templates, 'field')} by edits of templates since`] : []),
    ...(expected.plan > 0 ? [`${plural(expected.plan, 'field')} as the plan said`] : []),
  ];
  return [
    table(result, paint),
    ...told('Restarted', 'restart'),
    ...told('Changed', 'change'),
    ...told('Changed by others since', 'drift'),
    ...list(
      result.state === 'rolled-back' ? 'Not given back' : 'Not under management',
      unmanaged.map((each) => [`${title(each)} ${each.why}`]),
    ),
    ...list(
      'Could not be looked into',
      unseen.map(({ cluster: place, why }) => [`${place}: ${why}`]),
    ),
    ...list(
      'Left out, for their Pods would restart',
      leftOut.map((object) => [object]),
    ),
    ...told('Expected, or worth a look', 'note'),
    ...(counts.length > 0 ? [`Expected changes, no failures: ${counts.join(', ')}`] : []),
    proven ? paint.good(result.verdict) : paint.bad(result.verdict),
    paint.weak(`Compared ${result.before} with ${result.after}; SHA-256 ${checksum}`),
    paint.weak(`The whole report: ${folder}/evidence/report.html, report.json; --check proves it`),
    next(result, folder, paint),
    '',
  ].join('\n');
}

/** `Deployment shop/web` as `why` takes it. */
function whyWords(title: string): string {
  const [kind = '', place = ''] = title.split(' ');
  const [name = '', namespace] = place.split('/').reverse();
  return `${kind.toLowerCase()}/${name}${namespace ? ` -n ${namespace}` : ''}`;
}

function next(result: Report, folder: string, { weak, strong }: Colours): string {
  const { proven, state, unmanaged, unseen, differences } = result;
  const say = (words: string, command: string) => `${weak(words)} ${strong(command)}`;
  if (proven) {
    return state === 'rolled-back'
      ? say('Taking it over again stays possible:', migrateCommand('apply', folder))
      : say('Going back stays possible:', migrateCommand('rollback', folder, '--dry-run'));
  }
  const harmful = differences.some(({ is }) => is === 'restart' || is === 'change');
  if (unseen.length > 0) return say('Next, see what is away:', 'flotilla get clusters');
  if (state === 'rolled-back' && unmanaged.length > 0)
    return say('Next, give back the rest:', migrateCommand('rollback', folder));
  if (unmanaged.length > 0) return say('Next, see what blocks it:', `flotilla why ${whyWords(unmanaged[0]!.object)}`);
  if (harmful && state !== 'rolled-back') return say('Next, go back:', migrateCommand('rollback', folder));
  if (state === 'rolling-back') return say('Next, finish it:', migrateCommand('rollback', folder));
  if (state !== 'applied' && state !== 'rolled-back')
    return say('Next, go on:', migrateCommand('apply', folder, '--resume'));
  const drifted = differences.find(({ is }) => is !== 'note');
  return drifted
    ? say('Next, see what its template says:', `flotilla why ${whyWords(drifted.object)}`)
    : say('Next, look again:', migrateCommand('verify', folder));
}

/** A verification for the terminal: what was compared, what differs, what is not managed, and what to type next. */
import type { Verification } from '#migrate/verify/verify.ts';
import type { Colours } from './colour.ts';
import { alignColumns } from './columns.ts';

/** Lines shown of each kind; the page has all of them. */
const mostLines = 50;

export function verificationReport(result: Verification, folder: string, paint: Colours): string {
  const { cluster, coverage, differences, unmanaged, proven, checksum } = result;
  const of = (...kinds: readonly string[]) => differences.filter(({ is }) => kinds.includes(is));
  const [restarted, changed, notes] = [of('restart'), of('change'), of('note')];
  const same = (count: number) => (count === 0 ? paint.good('as before') : paint.bad(`${count} differ`));
  const rows = [
    ['CHECKED', 'HOW MANY', 'RESULT'],
    [
      'Pods and containers',
      `${coverage.pods} and ${coverage.containers}`,
      restarted.length === 0 ? paint.good('none restarted') : paint.bad(`${restarted.length} restarts`),
    ],
    [
      'objects, revisions, endpoints',
      `${coverage.objects}, ${coverage.revisions}, ${coverage.endpoints}`,
      same(changed.length),
    ],
    [
      'under management',
      String(coverage.objects),
      unmanaged.length === 0 ? paint.good('all') : paint.bad(`${unmanaged.length} are not`),
    ],
  ];
  const list = (title: string, lines: readonly string[]) =>
    lines.length === 0
      ? []
      : [
          `${paint.strong(title)}:`,
          ...lines.slice(0, mostLines).map((line) => `  ${line}`),
          ...(lines.length > mostLines ? [`  … and ${lines.length - mostLines} more`] : []),
          '',
        ];
  const verdict = proven
    ? paint.good(`Proven: what ran in ${cluster} before runs as it did, and is under management.`)
    : paint.bad(
        `Not proven: ${restarted.length} restarts, ${changed.length} changes, ${unmanaged.length} not under management.`,
      );
  return [
    alignColumns(rows),
    ...list(
      'Restarted',
      restarted.map(({ object, what }) => `${object}: ${what}`),
    ),
    ...list(
      'Changed',
      changed.map(({ object, what }) => `${object}: ${what}`),
    ),
    ...list(
      'Not under management',
      unmanaged.map(({ object, why }) => `${object} ${why}`),
    ),
    ...list(
      'Worth a look',
      notes.map(({ object, what }) => `${object}: ${what}`),
    ),
    verdict,
    paint.weak(`Compared ${result.before} with ${result.after}; SHA-256 ${checksum}`),
    paint.weak(`The whole report: ${folder}/evidence/report.html`),
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

function next({ proven, unmanaged }: Verification, folder: string, { weak, strong }: Colours): string {
  if (proven) return `${weak('Going back stays possible:')} ${strong(`flotilla migrate rollback ${folder} --dry-run`)}`;
  return unmanaged.length > 0
    ? `${weak('Next, see what blocks it:')} ${strong(`flotilla why ${whyWords(unmanaged[0]!.object)}`)}`
    : `${weak('Next, go back:')} ${strong(`flotilla migrate rollback ${folder}`)}`;
}

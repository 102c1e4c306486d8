/** What a rollback would do, object by object, and what it has done. */
import { titleOf } from '#migrate/model.ts';
import type { RollbackResult, RolledBack } from '#migrate/rollback/options.ts';
import type { ObjectPreview, PlacePreview } from '#migrate/rollback/preview.ts';
import type { Colours } from './colour.ts';

/** Names of a kind shown for one object. */
const mostNames = 6;
/** Objects of a section. */
const mostObjects = 40;

const listed = (names: readonly string[]): string =>
  names.length > mostNames
    ? `${names.slice(0, mostNames).join(', ')} and ${names.length - mostNames} more`
    : names.join(', ');

const counted = (number: number, what: string): string => `${number} ${what}${number === 1 ? '' : 's'}`;

function placeLines(place: PlacePreview): readonly string[] {
  const { cluster } = place;
  switch (place.is) {
    case 'restored':
      return [
        `  ${cluster}: ${[
          `${place.takenOff.length} labels and annotations of ours come off`,
          ...place.givenBack.map(({ manager, fields }) => `${counted(fields, 'field')} back to ${manager}`),
        ].join(', ')}`,
        ...(place.putBack.length > 0 ? [`    put back as it was: ${listed(place.putBack)}`] : []),
        ...(place.restarting.length > 0
          ? [`    changed by the plan, and left so, for Pods would stop: ${listed(place.restarting)}`]
          : []),
        ...(place.changed.length > 0
          ? [`    changed since, and left so: ${listed(place.changed.map(({ path }) => path))}`]
          : []),
      ];
    case 'kept':
      return [`  ${cluster}: its copy stays, let go (--remove-copies deletes it)`];
    case 'removed':
      return [`  ${cluster}: its copy is deleted${dataWords(place.claims)}`];
    case 'gone':
      return [`  ${cluster}: it is not there`];
    case 'replaced':
      return [`  ${cluster}: it was made anew since; it stays, let go`];
    case 'away':
      return [`  ${cluster}: away; let go when it is back`];
    default:
      return [`  ${cluster}: carries nothing of ours`];
  }
}

const dataWords = (claims: readonly string[]): string =>
  claims.length > 0 ? `, and the data of PersistentVolumeClaim ${listed(claims)} with it` : '';

/** What deleting copies would delete for good: a line for each object and cluster. */
export const dataLost = (previews: readonly ObjectPreview[]): readonly string[] =>
  previews.flatMap(({ object, places }) =>
    places.flatMap((place) =>
      place.is === 'removed' && place.claims.length > 0
        ? [`data is deleted in ${place.cluster}: ${titleOf(object)}${dataWords(place.claims)}`]
        : [],
    ),
  );

const templates: Readonly<Record<ObjectPreview['template'], string>> = {
  deleted: 'template deleted',
  kept: 'template deleted once nothing lives in it',
  foreign: "template is not this plan's: left alone",
  none: 'no template',
};

export function previewReport(previews: readonly ObjectPreview[], command: string, { strong, weak }: Colours): string {
  const touched = previews.filter(({ untouched }) => !untouched);
  const objects = touched.map(({ object, template, places, rival }) =>
    [
      `${strong(titleOf(object))} ${weak(`(${templates[template]})`)}`,
      ...(rival ? [`  ${rival} has it by now: preserveResourcesOnDeletion is set there first`] : []),
      ...places.flatMap(placeLines),
    ].join('\n'),
  );
  const rest = previews.length - touched.length;
  const summary = `${counted(touched.length, 'object')} to be rolled back${rest > 0 ? `, ${rest} not under management` : ''}; no Pod is touched in the running cluster`;
  const next = touched.length > 0 ? [`${weak('Next:')} ${strong(command)}`] : [];
  return `${[...objects, strong(summary), ...next].join('\n')}\n`;
}

function section(title: string, results: readonly RolledBack[], paint: (text: string) => string): readonly string[] {
  if (results.length === 0) return [];
  const lines = results
    .slice(0, mostObjects)
    .map(({ object, why, notes }) => `  ${titleOf(object)}: ${[...(why ? [why] : []), ...notes].join('; ')}`);
  const more = results.length > mostObjects ? [`  … and ${results.length - mostObjects} more in -o json`] : [];
  return [`${paint(title)}:`, ...lines, ...more];
}

export function rollbackReport(
  { objects, stopped }: RollbackResult,
  again: string,
  command: string,
  { strong, weak, good, bad }: Colours,
): string {
  const of = (...is: readonly RolledBack['is'][]) => objects.filter((each) => is.includes(each.is));
  const [failed, waiting] = [of('failed'), of('waiting')];
  const untouched = of('untouched').length;
  const summary = `${counted(of('restored').length, 'object')} rolled back${untouched > 0 ? `, ${untouched} not under management` : ''}`;
  const over = failed.length === 0 && waiting.length === 0 && !stopped;
  const noted = of('restored', 'untouched').filter(({ notes }) => notes.length > 0);
  const lines = [
    ...section('Failed', failed, bad),
    ...section('Waiting', waiting, bad),
    ...section('Worth a look', noted, strong),
    `${over ? good('✓') : bad('!')} ${strong(summary)}${stopped ? ', then stopped as it was asked to' : ''}`,
    over
      ? `${weak('Next, whenever you want it taken over again:')} ${strong(again)}`
      : `${weak('Next, to go on:')} ${strong(command)}`,
  ];
  return `${lines.join('\n')}\n`;
}

/** What a plan says to those who review it, section by section, whatever it is shown on. Pure. */
import {
  type Change,
  type MigrationPlan,
  type OwnedField,
  type PlannedObject,
  titleOf,
  type Verdict,
} from '../model.ts';
import { lackLines } from './lacks.ts';

/** What is said of an object: a field's change, or a line of text. */
export type Detail = Change | string;

export interface Entry {
  readonly text: string;
  readonly details: readonly Detail[];
}

export interface Section {
  readonly title: string;
  readonly entries: readonly Entry[];
}

/** Fields told of one object. */
const mostFields = 10;
/** Objects named of those that are alike. */
const mostNames = 3;

/** `unread`: resources of the running cluster that it does not show, and why. */
export function sectionsOf(
  plan: MigrationPlan,
  unread: readonly { resource: string; why: string }[],
): readonly Section[] {
  const sections: readonly Section[] = [
    {
      title: 'Would restart or stop Pods (apply refuses these unless --allow-restart names them)',
      entries: changing(plan, 'restart'),
    },
    {
      title: 'In other clusters already, and not the same (apply leaves these out unless --overwrite names them)',
      entries: alikeOf(plan.objects, overwriting),
    },
    { title: 'In conflict', entries: changing(plan, 'conflict') },
    { title: 'Blocked', entries: changing(plan, 'blocked') },
    { title: 'Taken over with changes, no Pod restarts', entries: changing(plan, 'change') },
    { title: 'Taken over with other labels or annotations', entries: changing(plan, 'adopt') },
    {
      title: 'Kept as they are in the cluster: controllers set them, and the templates leave them to those',
      entries: alike(
        plan.objects.filter(({ kept }) => kept),
        (object) => ({ text: '', details: fields(object.kept!) }),
      ),
    },
    { title: 'What they need or what belongs to them', entries: plainLines(lackLines(plan)) },
    { title: 'Changed by override policies of the control plane', entries: alikeOf(plan.objects, overridden) },
    {
      title: 'Worth a look',
      entries: [
        ...plainLines(plan.notes ?? []),
        ...plan.objects.flatMap((object) =>
          plainLines((object.notes ?? []).map((note) => `${titleOf(object)}: ${note}`)),
        ),
      ],
    },
    { title: 'Not read', entries: plainLines(unread.map(({ resource, why }) => `${resource}: ${why}`)) },
  ];
  return sections.filter(({ entries }) => entries.length > 0);
}

const plainLines = (lines: readonly string[]): readonly Entry[] => lines.map((text) => ({ text, details: [] }));

const changing = ({ objects }: MigrationPlan, is: Verdict['is']): readonly Entry[] =>
  alike(
    objects.filter((object) => object.verdict.is === is && (is !== 'adopt' || object.changes)),
    told,
  );

function told(object: PlannedObject): Entry {
  const { verdict, changes = [], moreChanges = 0 } = object;
  const text = verdict.is === 'conflict' || verdict.is === 'blocked' ? `: ${verdict.reason}` : '';
  const known = changes.length > 0 ? changes : bare(verdict);
  // Without values, the fields' own count has said it already.
  const isSaid = moreChanges === 0 || (changes.length === 0 && known.length > 0);
  return { text, details: [...known, ...(isSaid ? [] : [`… and ${moreChanges} more`])] };
}

/** Without values: there are none, or they were too many for the plan. */
function bare(verdict: Verdict): readonly string[] {
  if (verdict.is === 'restart') return fields(verdict.fields);
  return verdict.is === 'change' ? limited(verdict.fields) : [];
}

const alike = (objects: readonly PlannedObject[], entryOf: (object: PlannedObject) => Entry): readonly Entry[] =>
  alikeOf(objects, (object) => [entryOf(object)]);

/** Each entry once, for all objects of a kind of which the same is to be said. */
function alikeOf(
  objects: readonly PlannedObject[],
  entriesOf: (object: PlannedObject) => readonly Entry[],
): readonly Entry[] {
  const told = objects.flatMap((object) => entriesOf(object).map((entry) => ({ object, entry })));
  const groups = Map.groupBy(told, ({ object, entry }) => JSON.stringify([object.apiVersion, object.kind, entry]));
  return [...groups.values()].map((group) => {
    const { entry } = group[0]!;
    return { ...entry, text: `${named(group.map(({ object }) => object))}${entry.text}` };
  });
}

/** `Deployment shop/api, shop/web and 212 more`. */
function named(objects: readonly PlannedObject[]): string {
  const [first, ...others] = objects;
  const names = others
    .slice(0, mostNames - 1)
    .map(({ namespace, name }) => (namespace ? `${namespace}/${name}` : name));
  const more = others.length - names.length;
  return `${[titleOf(first!), ...names].join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

const limited = (lines: readonly string[]): readonly string[] =>
  lines.length <= mostFields
    ? lines
    : [...lines.slice(0, mostFields), `… and ${lines.length - mostFields} more in plan.yaml`];

const fields = (owned: readonly OwnedField[]): readonly string[] =>
  limited(
    owned.map(({ path, value, managers }) => {
      const shown = value === undefined ? '' : `: ${JSON.stringify(value)}`;
      return `${path}${shown}${managers.length > 0 ? `   owned by ${managers.join(', ')}` : ''}`;
    }),
  );

const overwriting = (object: PlannedObject): readonly Entry[] =>
  (object.overwrites ?? []).map(({ cluster, fields: lost }) => ({
    text: ` in ${cluster}`,
    details: limited(lost),
  }));

const overridden = (object: PlannedObject): readonly Entry[] =>
  (object.overrides ?? []).map(({ policy, clusters, fields: changed }) => ({
    text: `: ${policy} in ${clusters.join(', ')}`,
    details: limited(changed),
  }));

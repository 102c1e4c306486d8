/**
 * Whose doing a changed field is, by who owns it now in the cluster and in the control plane; and what it was before,
 * from the original that the control plane keeps. Pure.
 */
import { isController, isOfUs } from '#flow/4-execute/plan/managers.ts';
import { formatPath } from '#kube/fields/element.ts';
import { fromFieldsV1, leaves, pathsOf } from '#kube/fields/fieldset.ts';
import type { JsonValue, ManagedFieldsEntry, UnstructuredObject } from '#kube/meta/object.ts';
import { type By, type FieldChange, isControllersOwn, isForetold, type Reasons } from '../evidence/change.ts';
import { isBelow, touches, valueAt } from '../evidence/fields.ts';
import { statedIn } from '../evidence/read.ts';
import type { PlannedObject } from '../model.ts';

/** What is known of one object in one cluster. */
export interface Scene {
  readonly planned: PlannedObject;
  /** As it is in the cluster. */
  readonly live: UnstructuredObject;
  /** As it was before it was taken over; undefined where none is kept. */
  readonly original: UnstructuredObject | undefined;
  /** In the control plane. */
  readonly template: UnstructuredObject | undefined;
  /** Of the Work's Applied condition. */
  readonly message: string | undefined;
  /** Under which the migration wrote the template. */
  readonly migrator: string;
}

const notStatus = ({ subresource }: ManagedFieldsEntry): boolean => subresource !== 'status';

/** Who owns the field, or something in it, or what it is in. */
function ownersAt(object: UnstructuredObject, path: string): readonly ManagedFieldsEntry[] {
  return (object.metadata.managedFields ?? [])
    .filter(notStatus)
    .filter(({ fieldsV1 }) => pathsOf(leaves(fromFieldsV1(fieldsV1))).some((each) => touches(formatPath(each), path)));
}

const latest = (entries: readonly ManagedFieldsEntry[]): ManagedFieldsEntry | undefined =>
  entries.reduce<ManagedFieldsEntry | undefined>(
    (last, entry) => (last && (last.time ?? '') >= (entry.time ?? '') ? last : entry),
    undefined,
  );

const signed = (entry: ManagedFieldsEntry | undefined): Pick<FieldChange, 'manager' | 'time'> => ({
  ...(entry?.manager ? { manager: entry.manager } : {}),
  ...(entry?.time ? { time: entry.time } : {}),
});

/** The last who wrote the template and was not the migration; the control plane's own controllers apart. */
function editorOf({ template, migrator }: Scene, path: string | undefined): ManagedFieldsEntry | undefined {
  if (!template) return undefined;
  const entries =
    path === undefined ? (template.metadata.managedFields ?? []).filter(notStatus) : ownersAt(template, path);
  return latest(
    entries.filter((entry) => entry.manager !== migrator && !isOwnController(entry) && !isController(entry)),
  );
}

/** Components of the control plane stamp claims on templates. */
const isOwnController = ({ manager = '' }: ManagedFieldsEntry): boolean => /^(flotilla|karmada)\b/.test(manager);

type Signed = readonly [by: By, entry?: ManagedFieldsEntry];

function byWhom(scene: Scene, path: string): Signed {
  const { live, original, planned, template } = scene;
  const owners = ownersAt(live, path);
  const editor = editorOf(scene, path);
  if (owners.some(isOfUs)) {
    if (editor) return ['template', editor];
    return [isForetold(planned, path) ? 'plan' : 'migration'];
  }
  const controller = latest(owners.filter(isController));
  if (controller) return ['controller', controller];
  if (isControllersOwn(path)) return ['controller'];
  const other = latest(owners);
  // An owner that was there before may own it still, and another value of it is an edit of theirs.
  if (other) return ['somebody', other];
  if (isForetold(planned, path)) return ['plan'];
  // Gone, and nobody's: it was the template's to take away where that has lost it since.
  const removed = valueAt(statedIn(live), path) === undefined;
  const lacking = template !== undefined && valueAt(statedIn(template), path) === undefined;
  const remover = editorOf(scene, undefined);
  if (removed && lacking && remover && original) return ['template', remover];
  return ['unknown'];
}

/** Characters shown of a value. */
const mostShown = 160;
const masked = '(secret)';

/** Names of a Secret's keys may be told, and its labels; nothing else that it holds. */
const isSecretPlace = (planned: PlannedObject, path: string): boolean =>
  planned.apiVersion === 'v1' &&
  planned.kind === 'Secret' &&
  !isBelow(path, '.metadata.labels') &&
  path !== '.type' &&
  path !== '.immutable';

function shown(value: JsonValue | undefined, planned: PlannedObject, path: string): string | undefined {
  if (value === undefined) return undefined;
  if (isSecretPlace(planned, path)) return masked;
  const text = JSON.stringify(value);
  return text.length > mostShown ? `${text.slice(0, mostShown)}…` : text;
}

export function attribute(scene: Scene, path: string): FieldChange {
  const { planned, live, original } = scene;
  const [by, entry] = byWhom(scene, path);
  const before = original && shown(valueAt(statedIn(original), path), planned, path);
  const after = shown(valueAt(statedIn(live), path), planned, path);
  return {
    path,
    by,
    ...signed(entry),
    ...(before === undefined ? {} : { before }),
    ...(after === undefined ? {} : { after }),
  };
}

/** What executing says besides: `"kubectl" keeps changing .spec.replicas back: …`. */
const remarkIn = (message: string | undefined): string | undefined =>
  /("[^"]*" keeps changing .*)$/s.exec(message ?? '')?.[1];

export function reasonsFor(scene: Scene, paths: readonly string[]): Reasons {
  const editor = editorOf(scene, '.spec.template');
  const remark = remarkIn(scene.message);
  return {
    fields: paths.map((path) => attribute(scene, path)),
    ...(editor?.manager && editor.time ? { edit: { manager: editor.manager, time: editor.time } } : {}),
    ...(remark ? { remark } : {}),
  };
}

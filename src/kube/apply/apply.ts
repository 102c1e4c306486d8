/**
 * Server-side apply: a manager states the fields it wants; the object gets them, loses what the manager stated before
 * and nobody else owns, and fields others own with another value are a conflict. Behaves as kube-apiserver v1.35.
 */
import { equalSets, type FieldSet, isEmpty } from '#kube/fields/fieldset.ts';
import { parseApiVersion } from '#kube/meta/kind.ts';
import type { KubeObject, ManagedFieldsEntry } from '#kube/meta/object.ts';
import type { Schema } from '#kube/schema/schema.ts';
import { badRequest } from '#kube/status/errors.ts';
import { StatusError } from '#kube/status/status.ts';
import {
  type Alike,
  comparison,
  conflictsWith,
  type Elsewhere,
  effectsOf,
  reconciled,
  withManagedFields,
  withoutLost,
} from './compared.ts';
import { type ApplyConflict, conflictError, conflictList, conflictsOutside } from './conflict.ts';
import { fieldsLastApplied, kubectlManager, withLastApplied } from './last-applied.ts';
import { type Manager, type Managers, managerId, noManagers, readManagers, writeManagers } from './managers.ts';
import { prune } from './prune.ts';
import { type Comparison, unchanged } from './typed/compare.ts';
import { fieldSetOf } from './typed/field-set.ts';
import { merge } from './typed/merge.ts';
import { withoutNulls } from './typed/nulls.ts';
import { removeItems } from './typed/remove.ts';
import { problemText, validateConfiguration } from './typed/validate.ts';
import { settleTimes } from './unchanged.ts';
import { entryFor, managersAfterUpdate } from './update.ts';

export interface ApplyRequest {
  readonly schema: Schema;
  /** The stored object; absent when the apply creates it. */
  readonly live?: KubeObject | undefined;
  /** What the manager states, as it was sent. */
  readonly config: KubeObject;
  readonly manager: string;
  /** Takes fields from other managers instead of failing. */
  readonly force?: boolean | undefined;
  /** Of the endpoint. */
  readonly apiVersion: string;
  /** Other versions whose fields are named alike; none when absent. */
  readonly isAlike?: Alike | undefined;
  /** Of versions that are not alike; when absent their managers stay as they are. */
  readonly elsewhere?: Elsewhere | undefined;
  readonly subresource?: string | undefined;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** What this endpoint never changes: status on the main resource, all else on status. Nobody comes to own it here. */
  readonly resetFields?: FieldSet | undefined;
}

/** Owners of an object that nobody tracked before its first apply. */
const BEFORE_FIRST_APPLY = 'before-first-apply';

/**
 * The object after the apply, managedFields included, defaults not; `live` itself when nothing changed. Throws a
 * StatusError: Conflict with FieldManagerConflict causes, BadRequest or 500 for a body that cannot be applied.
 */
export function serverSideApply(request: ApplyRequest): { readonly object: KubeObject } {
  const { schema, live, force } = request;
  checkBody(request);
  const managers = managersBefore(request);
  const attempt = applied(request, managers, force === true);
  if ('object' in attempt) return attempt;
  if (request.manager !== kubectlManager || !live) throw conflictError(attempt.conflicts);
  const allowed = fieldsLastApplied(schema, live, request.apiVersion);
  const conflicts = conflictsOutside(attempt.conflicts, allowed);
  if (conflicts.length > 0) throw conflictError(conflicts);
  return applied(request, managers, true) as { readonly object: KubeObject };
}

function checkBody({ schema, config, apiVersion, live }: ApplyRequest): void {
  const { group, version } = parseApiVersion(config.apiVersion);
  const described = `${group}/${version}, Kind=${config.kind}`;
  if (config.apiVersion !== apiVersion || (live && live.kind !== config.kind)) {
    throw badRequest(`invalid object type: ${described}`);
  }
  // `null` counts as not given.
  if (config.metadata.managedFields) throw badRequest('metadata.managedFields must be nil');
  const problems = validateConfiguration(schema, config);
  if (problems.length === 0) return;
  const { namespace = '', name = '' } = config.metadata;
  throw new StatusError({
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message: `failed to create typed patch object (${namespace}/${name}; ${described}): ${problemText(problems)}`,
    code: 500,
  });
}

/** The owners so far; of an object that has none, all it holds is owned by what was before. */
function managersBefore(request: ApplyRequest): Managers {
  const { schema, live, apiVersion } = request;
  const managers = readManagers(live?.metadata.managedFields) ?? noManagers;
  if (!live || managers.size > 0) return reconciled(schema, managers, apiVersion);
  const facts = { ...request, updated: live, manager: BEFORE_FIRST_APPLY };
  return managersAfterUpdate(schema, noManagers, { metadata: {} }, facts);
}

type Outcome = { readonly object: KubeObject } | { readonly conflicts: readonly ApplyConflict[] };

function applied(request: ApplyRequest, before: Managers, force: boolean): Outcome {
  const { schema } = request;
  const live = request.live ?? nothing;
  const config = stated(request);
  const entry = entryFor('Apply', request);
  const self = managerId(entry);
  const previous = before.get(self);
  const fields = sameSet(fieldSetOf(schema, config), previous);
  const managers = new Map(before).set(self, { entry, fields });
  const merged = merge(schema, live, config);
  const pruned = previous ? prune(schema, merged, previous.fields, fields, managers) : merged;
  const changes = changesFor(managers, live, pruned, request);
  const effects = effectsOf(request, changes, live, pruned);
  if (!force) {
    const conflicts = conflictsWith(managers, self, effects);
    if (conflicts.size > 0) return { conflicts: conflictList(conflicts, managers) };
  }
  const remaining = withoutLost(managers, self, effects);
  // What the pruning has emptied is null until here; where the configuration states it as empty, it is empty.
  const whole = pruned === merged ? merged : merge(schema, pruned, config);
  const object = withoutNulls(schema, whole, live);
  if (object !== live && settleTimes(live, object) !== live) return { object: finished(request, object, remaining) };
  if (!isEmpty(fields)) remaining.set(self, asBefore(previous, entry, fields));
  return { object: finished(request, live, remaining) };
}

/** An object to merge into that has nothing yet. */
const nothing = Object.freeze({ metadata: Object.freeze({}) }) as unknown as KubeObject;

/** Only what others may lose needs to be known, so the first applier of an object compares nothing. */
const changesFor = (managers: Managers, live: KubeObject, object: KubeObject, request: ApplyRequest): Comparison =>
  managers.size > 1 && object !== live ? comparison(request.schema, live, object, request.resetFields) : unchanged;

/** The same fields are the same set, so that an unchanged entry is written as it was. */
const sameSet = (fields: FieldSet, previous: Manager | undefined): FieldSet =>
  previous && equalSets(fields, previous.fields) ? previous.fields : fields;

/** The entry of an apply that left the object as it was: its time stays; a new co-owner has none, as upstream. */
function asBefore(previous: Manager | undefined, entry: ManagedFieldsEntry, fields: FieldSet): Manager {
  if (previous && previous.fields === fields && previous.entry.apiVersion === entry.apiVersion) return previous;
  return { entry: { ...entry, time: previous?.entry.time }, fields };
}

/** What the configuration asks of this endpoint: without what the server alone writes, and without reset fields. */
function stated({ schema, config, resetFields }: ApplyRequest): KubeObject {
  const { managedFields, creationTimestamp, generation, ...metadata } = config.metadata;
  const bookkeeping = managedFields !== undefined || creationTimestamp !== undefined || generation !== undefined;
  const body = bookkeeping ? { ...config, metadata } : config;
  return resetFields ? removeItems(schema, body, resetFields) : body;
}

function finished(request: ApplyRequest, object: KubeObject, managers: Managers): KubeObject {
  const result = withManagedFields(object, writeManagers(managers));
  return request.manager === kubectlManager ? withLastApplied(result, request.config) : result;
}

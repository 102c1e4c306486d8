/** How a manifest is written to a member: by apply as a rule, by an update where apply cannot work or is not wanted. */
import { writeMode, writeModeReplace } from '#apis/names/annotations.ts';
import type { Work } from '#apis/work/work.ts';
import { validateConfiguration } from '#kube/apply/typed/validate.ts';
import type { KindDefinition } from '#kube/kind/definition.ts';
import type { UnstructuredObject } from '#kube/meta/object.ts';
import { StatusError } from '#kube/status/status.ts';

export type Means =
  | { readonly by: 'apply' }
  /** A three-way update on the live object; `why` apply cannot do it. */
  | { readonly by: 'update'; readonly why: string }
  /** The template asks for full replacement. */
  | { readonly by: 'replacement' };

const problems = new WeakMap<UnstructuredObject, string | undefined>();

/** Why the manifest cannot be a configuration to apply: keys that occur twice, most often. */
function problemOf(manifest: UnstructuredObject, kind: KindDefinition): string | undefined {
  if (!problems.has(manifest)) problems.set(manifest, validateConfiguration(kind.schema, manifest)[0]);
  return problems.get(manifest);
}

/** `refused`: what the member answered to an apply that it cannot do. */
export function meansFor(
  work: Work,
  manifest: UnstructuredObject,
  kind: KindDefinition,
  refused: string | undefined,
): Means {
  if (work.metadata.annotations?.[writeMode] === writeModeReplace) return { by: 'replacement' };
  const why = refused ?? problemOf(manifest, kind);
  return why === undefined ? { by: 'apply' } : { by: 'update', why };
}

/** What the Work's condition says of the means, when they are not the usual ones. */
export function noteOf(means: Means): string | undefined {
  if (means.by === 'update') return `written by a full update, for it cannot be applied: ${means.why}`;
  return means.by === 'replacement' ? 'written by full replacement, as work.flotilla.io/write asks' : undefined;
}

/** Why the member cannot apply this at all, whatever its state; undefined for failures of another sort. */
export function inapplicable(error: unknown): string | undefined {
  if (!(error instanceof StatusError)) return undefined;
  if (error.status.reason === 'UnsupportedMediaType') return 'the cluster has no server-side apply';
  const typed = /^failed to create typed (patch|live) object|^failed to create manager for existing fields/;
  return typed.test(error.message) ? error.message : undefined;
}

/** The customizations a call is about: those in files, or those of the control plane by name. */
import {
  type ResourceInterpreterCustomization,
  ResourceInterpreterCustomizationKind,
} from '#apis/config/customization.ts';
import { apiVersionOf } from '#kube/meta/kind.ts';
import type { JsonValue, KubeObject } from '#kube/meta/object.ts';
import { validateSchema } from '#kube/schema/validate.ts';
import type { Call } from '../command.ts';
import { openSession, type Session } from '../connection/session.ts';
import { CommandError, throwAll } from '../failure.ts';
import { readManifests } from '../targets/manifests.ts';

export interface Source {
  readonly object: KubeObject;
  /** The file, or `STDIN`; undefined for what the control plane has. */
  readonly file?: string;
  readonly session?: Session;
}

const kind = ResourceInterpreterCustomizationKind;

/** Throws CommandError where nothing is named, and what reading throws. */
export async function customizationsOf(call: Call): Promise<readonly Source[]> {
  const { around, flags, words } = call;
  if (flags.texts('filename').length > 0) {
    const { manifests, failures } = await readManifests(around, flags);
    throwAll(failures);
    return manifests.map(({ object, source }) => ({ object, file: source }));
  }
  if (words.length === 0)
    throw new CommandError('must specify -f, or the name of a ResourceInterpreterCustomization of the control plane');
  const session = await openSession(call);
  const stored = session.client.resource<ResourceInterpreterCustomization>(kind);
  return Promise.all(words.map(async (name) => ({ object: await stored.get({ name }), session })));
}

/** Of one object, all that keeps it from being a customization; empty when it is one. */
export function problemsOf(object: KubeObject): readonly string[] {
  const apiVersion = apiVersionOf(kind);
  if (object.kind !== kind.kind || object.apiVersion !== apiVersion)
    return [`not a ${kind.kind}, got ${object.apiVersion}, Kind=${object.kind}`];
  const causes = validateSchema(kind.schema, object as unknown as JsonValue);
  if (causes.length > 0) return causes.map(({ field, message }) => (field ? `${field}: ${message}` : (message ?? '')));
  const { target } = (object as ResourceInterpreterCustomization).spec;
  return (['apiVersion', 'kind'] as const).flatMap((field) =>
    target[field] === '' ? [`spec.target.${field}: Required value`] : [],
  );
}

/** Throws CommandError for what is none. */
export function asCustomization({ object, file }: Source): ResourceInterpreterCustomization {
  const [problem] = problemsOf(object);
  if (problem === undefined) return object as ResourceInterpreterCustomization;
  throw new CommandError(`${file ?? object.metadata.name}: ${problem}`);
}

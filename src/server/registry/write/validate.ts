/** Validation of an object about to be stored: metadata, then the kind's own rules, or its schema. */
import type { KubeObject } from '#kube/meta/object.ts';
import { loadPatternEngine, PatternEngineAbsent } from '#kube/schema/pattern.ts';
import { invalid } from '#kube/status/errors.ts';
import type { StatusCause } from '#kube/status/status.ts';
import { signingRequestCauses } from '../../auth/certificates/rules.ts';
import type { Scope } from '../context.ts';
import { hasRules, ruleCauses } from '../custom/rules.ts';
import { customCauses } from '../custom/validate.ts';
import { finalizerWarnings } from '../custom/warnings.ts';
import type { ServedKind } from '../kinds/served.ts';
import type { Door } from './door.ts';
import { validateMetadata, validateMetadataUpdate } from './validate-metadata.ts';

/** Rules of single built-in kinds that are not of the object alone. */
const further: Readonly<Record<string, typeof signingRequestCauses>> = {
  'certificates.k8s.io/certificatesigningrequests': signingRequestCauses,
};

/** Custom resources are held to their definition; built-in kinds have rules of their own, as in kube-apiserver. */
const contentCauses = (
  served: ServedKind,
  object: KubeObject,
  old?: KubeObject,
  subresource = '',
): readonly StatusCause[] => {
  if (served.custom) return customCauses(served, object, old, subresource);
  const own = served.definition.native?.validate?.(object, old) ?? [];
  const more = further[served.storageResource];
  return more ? [...own, ...more(object, old, subresource)] : own;
};

function refuse(served: ServedKind, object: KubeObject, causes: readonly StatusCause[]): void {
  if (causes.length === 0) return;
  throw invalid(served.refusedAs, object.metadata.name ?? '', withoutRepeats(causes));
}

/** The metadata rules of a native kind and ours may find the same thing. */
function withoutRepeats(causes: readonly StatusCause[]): readonly StatusCause[] {
  const seen = new Set<string>();
  return causes.filter(({ field, message }) => {
    const text = `${field}: ${message}`;
    if (seen.has(text)) return false;
    seen.add(text);
    return true;
  });
}

/** `more`: what is known to be wrong already. Throws Invalid. */
export function validateCreate(
  scope: Scope,
  object: KubeObject,
  more: readonly StatusCause[] = [],
): Promise<void> | undefined {
  const { served } = scope;
  return withPatterns(() =>
    judged(scope, object, undefined, [...validateMetadata(served, object), ...contentCauses(served, object), ...more]),
  );
}

/** Again, once the engine is there that `judge` turned out to need. */
function withPatterns(judge: () => Promise<void> | undefined): Promise<void> | undefined {
  try {
    return judge();
  } catch (error) {
    if (error instanceof PatternEngineAbsent) return loadPatternEngine().then(judge);
    throw error;
  }
}

/**
 * What has not changed in a custom resource may stay as it was (kube-apiserver's ratcheting). `more`: what is known to
 * be wrong already. Throws Invalid.
 */
export function validateUpdate(
  scope: Scope,
  object: KubeObject,
  old: KubeObject,
  door: Door,
  more: readonly StatusCause[] = [],
): Promise<void> | undefined {
  return withPatterns(() => judgedUpdate(scope, object, old, door, more));
}

function judgedUpdate(
  scope: Scope,
  object: KubeObject,
  old: KubeObject,
  door: Door,
  more: readonly StatusCause[],
): Promise<void> | undefined {
  const { served } = scope;
  const causes = [
    ...validateMetadataUpdate(object, old, served.custom || !served.traits.ownedFinalizers),
    ...contentCauses(served, object, old, door.subresource),
    ...more,
  ];
  const { native } = served.definition;
  if (door.validatesTransitions && native?.validateUpdate) causes.push(...native.validateUpdate(object, old));
  if (door.validateChange) causes.push(...door.validateChange(object, old));
  return judged(scope, object, old, causes);
}

/** Rules of a definition have the last word; kinds without rules are judged at once. */
function judged(
  scope: Scope,
  object: KubeObject,
  old: KubeObject | undefined,
  causes: readonly StatusCause[],
): Promise<void> | undefined {
  const { served, warnings } = scope;
  if (!served.custom || !hasRules(served.schema)) {
    refuse(served, object, causes);
    return undefined;
  }
  const warned = (text: string) => {
    if (!warnings.includes(text)) warnings.push(text);
  };
  return ruleCauses(served.schema, object, old, causes, warned).then((found) =>
    refuse(served, object, [...causes, ...found]),
  );
}

/** Adds the kind's own warnings to the answer. */
export function warn(scope: Scope, object: KubeObject, old?: KubeObject): void {
  const { custom, definition } = scope.served;
  const own = custom ? finalizerWarnings : definition.native?.warnings;
  for (const text of own?.(object, old) ?? []) if (!scope.warnings.includes(text)) scope.warnings.push(text);
}

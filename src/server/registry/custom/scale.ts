/** What the paths of a scale subresource lead to must be numbers a Scale can show, and a text for the selector. */
import type { ScaleSubresource } from '#kube/kind/definition.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import { goText } from '#kube/patch/strategic/errors.ts';
import { isFields } from '#kube/schema/copy.ts';
import { invalidValue } from '#kube/status/causes.ts';
import type { StatusCause } from '#kube/status/status.ts';

/** Go's int32. */
const mostReplicas = 2_147_483_647;

export const scaleSpecCauses = ({ specReplicasPath }: ScaleSubresource, object: KubeObject): readonly StatusCause[] =>
  replicasCauses(object, specReplicasPath);

export function scaleStatusCauses(
  { statusReplicasPath, labelSelectorPath }: ScaleSubresource,
  object: KubeObject,
): readonly StatusCause[] {
  const causes = replicasCauses(object, statusReplicasPath);
  const found = labelSelectorPath ? at(object, labelSelectorPath) : undefined;
  const wrong = found && wrongKind(found, (value) => typeof value === 'string', 'string');
  return wrong ? [...causes, invalidValue(labelSelectorPath!, '', wrong)] : causes;
}

function replicasCauses(object: KubeObject, path: string): readonly StatusCause[] {
  const found = at(object, path);
  const wrong = wrongKind(found, Number.isSafeInteger, 'int64');
  if (wrong) return [invalidValue(path, 0, wrong)];
  const replicas = Number(found.value ?? 0);
  if (replicas < 0) return [invalidValue(path, replicas, 'should be a non-negative integer')];
  if (replicas <= mostReplicas) return [];
  return [invalidValue(path, replicas, `should be less than or equal to ${mostReplicas}`)];
}

interface Found {
  /** How far the path went. */
  readonly path: string;
  readonly value: unknown;
  readonly isWhole: boolean;
}

function at(object: KubeObject, path: string): Found {
  let value: unknown = object;
  const names = path.replace(/^\./, '').split('.');
  for (const [index, name] of names.entries()) {
    if (value === undefined) return { path, value: undefined, isWhole: true };
    if (!isFields(value)) return { path: `.${names.slice(0, index + 1).join('.')}`, value, isWhole: false };
    value = Object.hasOwn(value, name) ? value[name] : undefined;
  }
  return { path: `.${names.join('.')}`, value, isWhole: true };
}

function wrongKind({ path, value, isWhole }: Found, fits: (value: unknown) => boolean, wanted: string) {
  if (isWhole && (value === undefined || fits(value))) return undefined;
  const type = isWhole ? wanted : 'map[string]interface {}';
  return `${path} accessor error: ${goText(value as never)} is of the type ${goType(value)}, expected ${type}`;
}

function goType(value: unknown): string {
  if (value === null) return '<nil>';
  if (Array.isArray(value)) return '[]interface {}';
  if (typeof value === 'number') return Number.isInteger(value) ? 'int64' : 'float64';
  return typeof value === 'boolean' ? 'bool' : typeof value === 'object' ? 'map[string]interface {}' : typeof value;
}

/**
 * kubectl's last-applied annotation under server-side apply: fields it states and the object still has are kubectl's own,
 * and a server-side apply by kubectl keeps it up to date. Other managers never touch it.
 */
import { difference } from '#kube/fields/algebra.ts';
import { emptyFieldSet, type FieldSet } from '#kube/fields/fieldset.ts';
import { canonicalJson } from '#kube/fields/text.ts';
import type { JsonObject, JsonValue, KubeObject } from '#kube/meta/object.ts';
import type { Schema } from '#kube/schema/schema.ts';
import { lostFields } from './compared.ts';
import { compare } from './typed/compare.ts';
import { fieldSetOf } from './typed/field-set.ts';
import { validateConfiguration } from './typed/validate.ts';

const lastAppliedAnnotation = 'kubectl.kubernetes.io/last-applied-configuration';
/** The one manager that is treated so. */
export const kubectlManager = 'kubectl';

/** All annotations of an object together, in bytes (apimachinery's TotalAnnotationSizeLimitB). */
const MAX_ANNOTATION_BYTES = 256 * 1_024;

/** The fields last applied on the client's side whose values the object still has; empty when that cannot be told. */
export function fieldsLastApplied(schema: Schema, live: KubeObject, apiVersion: string): FieldSet {
  const text = live.metadata.annotations?.[lastAppliedAnnotation];
  const applied = text ? parseObject(text) : undefined;
  if (!applied || applied.apiVersion !== apiVersion) return emptyFieldSet;
  if (validateConfiguration(schema, applied).length > 0 || validateConfiguration(schema, live).length > 0) {
    return emptyFieldSet;
  }
  return difference(fieldSetOf(schema, applied), lostFields(compare(schema, applied, live)));
}

function parseObject(text: string): JsonObject | undefined {
  try {
    const value = JSON.parse(text) as JsonValue;
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined;
  } catch {
    return undefined;
  }
}

/** The applied object with its annotation, if it has one, stating `config`; too large a one is dropped. */
export function withLastApplied<T extends KubeObject>(object: T, config: KubeObject): T {
  const before = object.metadata.annotations?.[lastAppliedAnnotation];
  if (!before) return object;
  const annotations: Record<string, string> = { ...object.metadata.annotations };
  annotations[lastAppliedAnnotation] = lastAppliedText(config);
  if (annotationBytes(annotations) > MAX_ANNOTATION_BYTES) delete annotations[lastAppliedAnnotation];
  if (annotations[lastAppliedAnnotation] === before) return object;
  return { ...object, metadata: { ...object.metadata, annotations } };
}

/** Canonical JSON of the configuration without the annotation itself, and a line end. */
function lastAppliedText(config: KubeObject): string {
  const { annotations } = config.metadata;
  if (!annotations) return `${canonicalJson(config as unknown as JsonValue)}\n`;
  const { [lastAppliedAnnotation]: _, ...others } = annotations;
  const stated = { ...config, metadata: { ...config.metadata, annotations: others } };
  return `${canonicalJson(stated as unknown as JsonValue)}\n`;
}

const encoder = new TextEncoder();

function annotationBytes(annotations: Readonly<Record<string, string>>): number {
  let bytes = 0;
  for (const key in annotations) bytes += encoder.encode(key).length + encoder.encode(annotations[key]).length;
  return bytes;
}

/** The fields of a new object: all it holds. Controllers make objects by the thousand that differ in their values only. */
import { recursiveDifference } from '#kube/fields/algebra.ts';
import type { FieldSet } from '#kube/fields/fieldset.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import type { Schema } from '#kube/schema/schema.ts';
import { compare, touched } from './typed/compare.ts';
import { signatureOf } from './typed/signature.ts';

/** Shapes of a kind's objects at hand: 64 of about 10 kB; a full cache begins anew. */
const mostShapes = 64;
const shapes = new WeakMap<Schema, Map<string, Shape>>();

interface Shape {
  readonly resetFields: FieldSet | undefined;
  readonly fields: FieldSet;
}

/** What a new object is compared with: an object whose fields are all absent. */
const nothing = Object.freeze({ metadata: Object.freeze({}) });

/** What whoever creates the object owns, but for the fields that this endpoint resets. */
export function fieldsOfNew(schema: Schema, object: KubeObject, resetFields: FieldSet | undefined): FieldSet {
  const known = shapes.get(schema) ?? new Map<string, Shape>();
  if (known.size === 0) shapes.set(schema, known);
  const signature = signatureOf(schema, object);
  const shape = known.get(signature);
  if (shape && shape.resetFields === resetFields) return shape.fields;
  const whole = touched(compare(schema, nothing, object));
  const fields = resetFields ? recursiveDifference(whole, resetFields) : whole;
  if (known.size >= mostShapes) known.clear();
  known.set(signature, { resetFields, fields });
  return fields;
}

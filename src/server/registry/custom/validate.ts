/** Whether a custom resource is as its definition wants it: schema, scale, objects inside it, lists without repeats. */
import type { KubeObject, UnstructuredObject } from '#kube/meta/object.ts';
import { repeatedItems } from '#kube/schema/check-unique.ts';
import { validateSchema } from '#kube/schema/validate.ts';
import type { StatusCause } from '#kube/status/status.ts';
import type { ServedKind } from '../kinds/served.ts';
import { embeddedCauses } from './embedded.ts';
import { scaleSpecCauses, scaleStatusCauses } from './scale.ts';

const statusOf = (object: KubeObject): unknown => (object as UnstructuredObject).status;

/** `subresource`: the way by which `object` came to replace `old`; what has not changed may stay as it is. */
export function customCauses(
  served: ServedKind,
  object: KubeObject,
  old?: KubeObject,
  subresource = '',
): readonly StatusCause[] {
  const { schema, definition } = served;
  const { scale } = definition.subresources;
  if (subresource === 'status') {
    return [
      ...statusCauses(served, object, old),
      ...(scale ? scaleStatusCauses(scale, object) : []),
      ...newRepeats(served, object, old),
    ];
  }
  return [
    ...validateSchema(schema, object, '', old),
    ...(scale ? [...scaleSpecCauses(scale, object), ...scaleStatusCauses(scale, object)] : []),
    ...embeddedCauses(schema, object),
    ...newRepeats(served, object, old),
  ];
}

/** A status by itself is held to the schema of its field. */
function statusCauses({ schema }: ServedKind, object: KubeObject, old: KubeObject | undefined): readonly StatusCause[] {
  const own = schema.properties?.status;
  const status = statusOf(object);
  return own && status !== undefined ? validateSchema(own, status, 'status', old && statusOf(old)) : [];
}

/** Lists that had repeats already may have them. */
function newRepeats({ schema }: ServedKind, object: KubeObject, old: KubeObject | undefined): readonly StatusCause[] {
  const repeats = repeatedItems(schema, object);
  return repeats.length > 0 && old && repeatedItems(schema, old).length > 0 ? [] : repeats;
}

/** The objects a server is born with, as stored objects: what kube-apiserver has a moment after its first start. Pure. */
import { fieldsOfNew } from '#kube/apply/created.ts';
import { toFieldsV1 } from '#kube/fields/fieldset.ts';
import type { JsonObject, KubeObject, ManagedFieldsEntry } from '#kube/meta/object.ts';
import type { ServedKind } from '../registry/kinds/served.ts';
import type { Wanted } from './bootstrap-objects.ts';
import { danglingCondition } from './dangling.ts';
import type { FlowSchemaSpec, LevelSpec } from './objects.ts';

/** On an object: whether its spec follows ours. */
export const autoUpdate = 'apf.kubernetes.io/autoupdate-spec';

export const producer = 'api-priority-and-fairness-config-producer-v1';
export const consumer = 'api-priority-and-fairness-config-consumer-v1';

type Said = Pick<ManagedFieldsEntry, 'manager' | 'operation' | 'subresource'>;

function entry(served: ServedKind, fieldsV1: JsonObject, said: Said, time: string): ManagedFieldsEntry {
  const { subresource, ...who } = said;
  return {
    ...who,
    apiVersion: served.apiVersion,
    time,
    fieldsType: 'FieldsV1',
    fieldsV1,
    ...(subresource ? { subresource } : {}),
  };
}

/** As of every object of the kind that is new: worked out once for each shape. */
const fieldsOf = (served: ServedKind, said: JsonObject): JsonObject =>
  toFieldsV1(fieldsOfNew(served.schema, said as unknown as KubeObject, undefined));

/** What an apply of the one condition owns. */
const conditionFields: JsonObject = {
  'f:status': {
    'f:conditions': {
      'k:{"type":"Dangling"}': {
        '.': {},
        'f:lastTransitionTime': {},
        'f:message': {},
        'f:reason': {},
        'f:status': {},
        'f:type': {},
      },
    },
  },
};

export function bornObject(
  served: ServedKind,
  { name, spec }: Wanted<FlowSchemaSpec> | Wanted<LevelSpec>,
  uid: string,
  time: string,
): KubeObject {
  const annotations = { [autoUpdate]: 'true' };
  const said = { metadata: { annotations }, spec } as unknown as JsonObject;
  const condition = 'matchingPrecedence' in spec ? danglingCondition({ spec }, true, time) : undefined;
  const status = condition ? { conditions: [condition] } : {};
  return {
    kind: served.definition.kind,
    apiVersion: served.apiVersion,
    metadata: {
      name,
      uid,
      generation: 1,
      creationTimestamp: time,
      annotations,
      managedFields: [
        ...(condition
          ? [entry(served, conditionFields, { manager: consumer, operation: 'Apply', subresource: 'status' }, time)]
          : []),
        entry(served, fieldsOf(served, said), { manager: producer, operation: 'Update' }, time),
      ],
    },
    spec,
    status,
  } as KubeObject;
}

/** Labels and annotations overriders: `add` also where the key is there, `remove` and `replace` only where it is. */
import type { UnstructuredObject } from '#kube/meta/object.ts';
import { pointerOf } from '#kube/patch/pointer.ts';
import type { LabelAnnotationOverrider } from '../override-spec.ts';
import type { Operation } from './operation.ts';

const mapOperations =
  (field: 'labels' | 'annotations') =>
  ({ metadata }: UnstructuredObject, { operator, value }: LabelAnnotationOverrider): readonly Operation[] => {
    const current = metadata[field];
    if (!current) {
      const adds = operator === 'add' && Object.keys(value).length > 0;
      return adds ? [{ op: 'add', path: pointerOf(['metadata', field]), value }] : [];
    }
    return Object.keys(value).flatMap((key): readonly Operation[] =>
      operator === 'add' || Object.hasOwn(current, key)
        ? [{ op: operator, path: pointerOf(['metadata', field, key]), value: value[key]! }]
        : [],
    );
  };

export const labelsOperations = mapOperations('labels');
export const annotationsOperations = mapOperations('annotations');

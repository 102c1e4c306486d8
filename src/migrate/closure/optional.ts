/** ConfigMaps and Secrets that Pods do without where they are not there: `optional: true` at every mention. Pure. */
import { closureKinds, groupKind } from '#interpreter/closure/kinds.ts';
import { textOf } from '#interpreter/closure/objects.ts';
import { type GroupVersionKind, gvkOf } from '#kube/meta/kind.ts';
import type { UnstructuredObject } from '#kube/meta/object.ts';
import type { Named } from './named.ts';

/** Fields of a Pod that name one; volumes write a Secret's name otherwise than variables. */
const mentions: Readonly<Record<string, GroupVersionKind>> = {
  configMapKeyRef: closureKinds.configMap,
  configMapRef: closureKinds.configMap,
  configMap: closureKinds.configMap,
  secretKeyRef: closureKinds.secret,
  secretRef: closureKinds.secret,
  secret: closureKinds.secret,
};

/** Whether an object can do without another one that it names. */
export function canDoWithout(
  object: UnstructuredObject,
): (named: Pick<Named, 'apiVersion' | 'kind' | 'name'>) => boolean {
  const needed = new Map<string, boolean>();
  const visit = (value: unknown): void => {
    if (value === null || typeof value !== 'object') return;
    for (const [field, inside] of Object.entries(value)) {
      const kind = mentions[field];
      const mention = (inside ?? {}) as Readonly<Record<string, unknown>>;
      const name = kind === undefined ? '' : textOf(mention.name) || textOf(mention.secretName);
      if (kind !== undefined && name !== '') {
        const key = `${groupKind(kind)} ${name}`;
        needed.set(key, needed.get(key) === true || mention.optional !== true);
      } else visit(inside);
    }
  };
  visit(object.spec);
  return (named) => needed.get(`${groupKind(gvkOf(named))} ${named.name}`) === false;
}

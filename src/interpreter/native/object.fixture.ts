/** Objects for tests: `object('apps/v1/Deployment', { spec })`. */
import type { UnstructuredObject } from '#kube/meta/object.ts';

export function object(type: string, body: object = {}, metadata: object = {}): UnstructuredObject {
  const cut = type.lastIndexOf('/');
  return {
    apiVersion: type.slice(0, cut),
    kind: type.slice(cut + 1),
    metadata: { namespace: 'default', name: 'web', ...metadata },
    ...body,
  } as UnstructuredObject;
}

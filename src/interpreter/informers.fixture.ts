/** An informer of one resource whose objects the test puts and takes away. */
import type { Change, InformerFactory } from '#client/informer/informer.ts';
import type { KubeObject } from '#kube/meta/object.ts';

export interface HeldObjects {
  readonly informers: InformerFactory;
  readonly put: (object: KubeObject) => void;
  readonly remove: (name: string) => void;
}

export function heldObjects(initial: readonly KubeObject[] = []): HeldObjects {
  const objects = new Map(initial.map((object) => [object.metadata.name!, object]));
  const handlers: ((change: Change<KubeObject>) => void)[] = [];
  const tell = (change: Change<KubeObject>) => {
    for (const handler of handlers) handler(change);
  };
  const informer = {
    list: () => [...objects.values()],
    onChange: (handler: (change: Change<KubeObject>) => void) => {
      handlers.push(handler);
      for (const object of objects.values()) handler({ type: 'added', object, initial: true });
    },
  };
  return {
    informers: { informer: () => informer } as unknown as InformerFactory,
    put: (object) => {
      const old = objects.get(object.metadata.name!);
      objects.set(object.metadata.name!, object);
      tell(old ? { type: 'updated', object, old, initial: false } : { type: 'added', object, initial: false });
    },
    remove: (name) => {
      const object = objects.get(name)!;
      objects.delete(name);
      tell({ type: 'deleted', object, initial: false });
    },
  };
}

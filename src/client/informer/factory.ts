/** The informers of one client: one per resource and option set, shared by everybody who asks, started at first use. */
import type { ResourceRef } from '#kube/meta/kind.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import type { Clock } from '#world/clock/clock.ts';
import type { Random } from '#world/random/random.ts';
import type { ApiClient, TypedResource } from '../api-client.ts';
import type { Informer, InformerFactory, InformerHooks, InformerOptions } from './informer.ts';
import { sharedInformer } from './shared-informer.ts';

export interface InformerFactoryOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly hooks?: InformerHooks;
  /** Its informers ask for nothing before this has come; it does not fail. At once when absent. */
  readonly after?: Promise<void> | undefined;
}

type Selection = Pick<InformerOptions<KubeObject>, 'namespace' | 'labelSelector' | 'fieldSelector'>;

const identity = ({ group, version, resource }: ResourceRef, options: Selection, transform: number): string =>
  JSON.stringify([
    group,
    version,
    resource,
    options.namespace,
    options.labelSelector,
    options.fieldSelector,
    transform,
  ]);

export function informerFactory(
  client: ApiClient,
  { clock, random, hooks = {}, after }: InformerFactoryOptions,
): InformerFactory {
  const shared = new Map<string, Informer<KubeObject>>();
  /** Transforms are told apart by the function: who trims differently keeps a copy of their own. */
  const transforms = new Map<unknown, number>();

  const numberOf = (transform: unknown): number => {
    const number = transforms.get(transform) ?? transforms.size;
    transforms.set(transform, number);
    return number;
  };

  const create = <T extends KubeObject>(
    ref: TypedResource<T>,
    options: InformerOptions<T>,
    id: string,
  ): Informer<T> => {
    const informer = sharedInformer<T>({
      ref,
      resource: client.resource(ref),
      options,
      clock,
      random,
      hooks,
      after,
      inProcess: client.inProcess,
    });
    return {
      ...informer,
      stop: () => {
        shared.delete(id);
        informer.stop();
      },
    };
  };

  return {
    informer: <T extends KubeObject>(ref: TypedResource<T>, options: InformerOptions<T> = {}): Informer<T> => {
      const id = identity(ref, options, numberOf(options.transform));
      const existing = shared.get(id);
      if (existing) return existing as unknown as Informer<T>;
      const informer = create(ref, options, id);
      shared.set(id, informer as unknown as Informer<KubeObject>);
      return informer;
    },
    whenSynced: async () => {
      // One that was stopped meanwhile (its cluster left) keeps nobody waiting.
      await Promise.allSettled(Array.from(shared.values(), (informer) => informer.whenSynced()));
    },
    informers: () => [...shared.values()],
    stop: () => {
      for (const informer of shared.values()) informer.stop();
    },
  };
}

/**
 * Creates and deletes the Pods of an owner. Two promises keep a stale cache from doing a thing twice: a created Pod is
 * in the cache when `create` resolves (client/cached.ts), and one whose deletion was asked for counts as going from then on.
 */
import { type Pod, Pods, type PodTemplateSpec } from '#apis/kubernetes/types.ts';
import { type CachedResource, nameOf } from '#client/cached.ts';
import { keyOf } from '#kube/meta/key.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import { controllerReferenceTo, isControlledBy } from '#kube/meta/owner.ts';
import { isReason, StatusError } from '#kube/status/status.ts';
import type { EventRecorder } from '#runtime/events.ts';
import type { Clock } from '#world/clock/clock.ts';
import { breathe } from '#world/clock/turns.ts';
import { type Random, suffix } from '#world/random/random.ts';
import { isTerminating } from './pod-state.ts';
import { eventReasons } from './reasons.ts';
import { managedResource, type Reach } from './resources.ts';

export interface PodControl {
  readonly pods: CachedResource<Pod>;
  /** Records what was done, or why it failed, as events of the owner. */
  readonly create: (owner: KubeObject, pod: Pod) => Promise<Pod>;
  readonly delete: (owner: KubeObject, pod: Pod) => Promise<void>;
  /** Being deleted, or asked to be and not yet told so by the watch. */
  readonly isGoing: (pod: Pod) => boolean;
}

/** What events say; StatefulSets have words of their own. */
export interface PodWords {
  readonly created: (pod: string, owner: string) => string;
  readonly createFailed: (pod: string, owner: string, why: string) => string;
  readonly deleted: (pod: string, owner: string) => string;
  readonly deleteFailed: (pod: string, owner: string, why: string) => string;
}

const plainWords: PodWords = {
  created: (pod) => `Created pod: ${pod}`,
  createFailed: (_pod, _owner, why) => `Error creating: ${why}`,
  deleted: (pod) => `Deleted pod: ${pod}`,
  deleteFailed: (_pod, _owner, why) => `Error deleting: ${why}`,
};

export interface PodControlOptions extends Reach {
  readonly events: EventRecorder;
  readonly words?: PodWords;
}

export function podControl(options: PodControlOptions): PodControl {
  const { events, words = plainWords } = options;
  const pods = managedResource(options, Pods);
  /** Uids whose deletion the cache does not show yet; each leaves with the event that shows it. */
  const asked = new Set<string>();
  pods.informer.onChange(({ type, object }) => {
    if (asked.size > 0 && (type === 'deleted' || isTerminating(object))) asked.delete(object.metadata.uid ?? '');
  });
  return {
    pods,
    create: async (owner, pod) => {
      try {
        const made = await createOnce(pods, owner, pod);
        events.event(owner, 'Normal', eventReasons.successfulCreate, words.created(nameIn(made), nameIn(owner)));
        return made;
      } catch (error) {
        // Nothing is made where everything is going away, and nobody needs to hear of it.
        if (!isNamespaceGoing(error)) {
          const text = words.createFailed(nameIn(pod), nameIn(owner), messageOf(error));
          events.event(owner, 'Warning', eventReasons.failedCreate, text);
        }
        throw error;
      }
    },
    delete: async (owner, pod) => {
      const uid = pod.metadata.uid ?? '';
      asked.add(uid);
      try {
        await pods.delete(pod);
        // The event that shows it may have come already.
        if (pods.get(keyOf(pod))?.metadata.uid !== uid) asked.delete(uid);
        events.event(owner, 'Normal', eventReasons.successfulDelete, words.deleted(nameIn(pod), nameIn(owner)));
      } catch (error) {
        asked.delete(uid);
        if (isReason(error, 'Conflict')) return;
        const text = words.deleteFailed(nameIn(pod), nameIn(owner), messageOf(error));
        events.event(owner, 'Warning', eventReasons.failedDelete, text);
        throw error;
      }
    },
    isGoing: (pod) => isTerminating(pod) || asked.has(pod.metadata.uid ?? ''),
  };
}

const nameIn = ({ metadata }: KubeObject): string => metadata.name ?? '';

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** As the namespace's own lifecycle refuses a creation. */
export function isNamespaceGoing(error: unknown): boolean {
  if (!(error instanceof StatusError)) return false;
  return (error.status.details?.causes ?? []).some(({ reason }) => reason === 'NamespaceTerminating');
}

/** The request may have been carried out although no good answer came back. */
const isDoubtful = (error: unknown): boolean => !(error instanceof StatusError) || error.code >= 500;

/** The name is ours, so that after a lost answer it can be asked whether the Pod is there. */
async function createOnce(pods: CachedResource<Pod>, owner: KubeObject, pod: Pod): Promise<Pod> {
  try {
    return await pods.create(pod);
  } catch (error) {
    if (!isDoubtful(error)) throw error;
    const made = await pods.live.get(nameOf(pod)).catch(() => undefined);
    if (!made || !isControlledBy(made, owner)) throw error;
    pods.informer.observe(made);
    return made;
  }
}

/** The longest name of a Pod. */
const longestName = 63;
const suffixLength = 5;

/** What an owner's template asks for: labels, annotations and finalizers, the owner as controller, a name like `web-x7k2p`. */
export function podFrom(template: PodTemplateSpec, owner: KubeObject, random: Random): Pod {
  const prefix = `${owner.metadata.name}-`;
  const name = `${prefix.slice(0, longestName - suffixLength)}${suffix(random, suffixLength)}`;
  const pod = namedPod(template, owner, name);
  return { ...pod, metadata: { ...pod.metadata, generateName: prefix } };
}

/** The same under a name that is settled. */
export function namedPod(template: PodTemplateSpec, owner: KubeObject, name: string): Pod {
  const { labels, annotations, finalizers } = template.metadata ?? {};
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace: owner.metadata.namespace!,
      ...(labels ? { labels } : {}),
      ...(annotations ? { annotations } : {}),
      ...(finalizers ? { finalizers } : {}),
      ownerReferences: [controllerReferenceTo(owner)],
    },
    spec: template.spec,
  };
}

/** Requests under way for one owner at a time: enough to keep a server over the network busy. */
const atOnce = 10;

/** Does each, some at a time; what is under way when one fails is still waited for, and nothing more is begun. */
export async function forEachPod<T>(
  clock: Clock,
  items: readonly T[],
  act: (item: T) => Promise<unknown>,
): Promise<void> {
  for (let next = 0; next < items.length; next += atOnce) {
    await breathe(clock);
    const results = await Promise.allSettled(items.slice(next, next + atOnce).map(act));
    const failed = results.find((result) => result.status === 'rejected');
    if (failed) throw failed.reason;
  }
}

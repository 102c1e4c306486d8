/** What both halves of the distributor work with: bindings that need something, and bindings of what is needed. */
import type { Binding } from '#apis/work/binding.ts';
import type { Work } from '#apis/work/work.ts';
import type { ApiClient } from '#client/api-client.ts';
import type { CachedResource } from '#client/cached.ts';
import type { Informer } from '#client/informer/informer.ts';
import type { TemplateReader } from '#client/template-reader.ts';
import type { Interpreter } from '#interpreter/interpreter.ts';
import { keyFor } from '#kube/meta/key.ts';
import type { EventRecorder } from '#runtime/events.ts';
import type { Random } from '#world/random/random.ts';
import type { ClosureCaches } from './closure-caches.ts';
import { byNeed, byReferrer, needFor, needKeysFor, referenceTarget, type Target, targetKey } from './plan/needed.ts';
import type { WatchedKinds } from './watched.ts';

export interface DependenciesContext {
  readonly client: ApiClient;
  /** Of namespaced templates, or of cluster-wide ones. */
  readonly bindings: (namespace: string | undefined) => CachedResource<Binding>;
  readonly works: Informer<Work>;
  readonly templates: TemplateReader;
  readonly interpreter: Interpreter;
  readonly events: EventRecorder;
  readonly random: Random;
  /** Namespaces nothing is propagated from. */
  readonly skippedNamespaces: readonly RegExp[];
  readonly watched: WatchedKinds;
  readonly closures: ClosureCaches;
  /** Has the binding of a dependency looked at. */
  readonly wakeObject: (target: Target) => void;
}

export const errorText = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Bindings of dependencies that are attached to the binding of this key. */
export const attachedTo = ({ bindings }: Pick<DependenciesContext, 'bindings'>, key: string): readonly Binding[] =>
  ['any', undefined].flatMap((namespace) => bindings(namespace).informer.byIndex(byReferrer, key));

/** Bindings that may need the object: by its name, or by a selector that has not been asked yet. */
export function mayNeed({ bindings }: Pick<DependenciesContext, 'bindings'>, target: Target): readonly Binding[] {
  const { informer } = bindings('any');
  return [...new Set(needKeysFor(target).flatMap((key) => informer.byIndex(byNeed, key)))];
}

/** Bindings that need the object; nothing needs itself. */
export function needing(
  context: Pick<DependenciesContext, 'bindings'>,
  target: Target,
  labels: Readonly<Record<string, string>> | undefined,
): readonly Binding[] {
  const own = targetKey(target);
  return mayNeed(context, target).filter(
    (binding) =>
      needFor(binding, target, labels) !== undefined && targetKey(referenceTarget(binding.spec.resource)) !== own,
  );
}

/** The key that a snapshot names its binding by. */
export const snapshotKey = ({ namespace, name }: { readonly namespace?: string; readonly name: string }): string =>
  keyFor(namespace, name);

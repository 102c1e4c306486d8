/** The end of a namespace: emptied, its conditions say what is left; when nothing is, it is let go. */
import { type Namespace, Namespaces } from '#apis/kubernetes/types.ts';
import type { CachedResource } from '#client/cached.ts';
import { isReason } from '#kube/status/status.ts';
import { done, type Result, requeueAfter } from '#runtime/reconciler.ts';
import { timestamp } from '#world/clock/clock.ts';
import { fieldManager } from '../resources.ts';
import { isEmpty, withEmptying } from './conditions.ts';
import { type EmptyOptions, emptyNamespace } from './empty.ts';

export interface NamespaceContext extends EmptyOptions {
  readonly namespaces: CachedResource<Namespace>;
}

/** The finalizer in spec.finalizers that this controller holds. */
const ours = 'kubernetes';

/** Deletions wake it; this is for what nobody tells of. */
const lookAgainMs = 15_000;

export async function reconcileNamespace(context: NamespaceContext, name: string): Promise<Result> {
  const { namespaces, clock } = context;
  const namespace = namespaces.get(name);
  if (!namespace?.metadata.deletionTimestamp || !namespace.spec.finalizers?.includes(ours)) return done;
  let emptying = await emptyNamespace(context, name);
  if (isEmpty(emptying)) {
    // What has come to be served since the last look at discovery may hold something too, and would be left behind.
    await context.mapper.refresh();
    emptying = await emptyNamespace(context, name);
  }
  if (isEmpty(emptying)) {
    await release(context, namespace);
    return done;
  }
  const before = namespace.status?.conditions ?? [];
  const conditions = withEmptying(before, emptying, timestamp(clock.now()));
  if (conditions !== before) {
    await namespaces.updateStatus({ ...namespace, status: { ...namespace.status, phase: 'Terminating', conditions } });
  }
  return requeueAfter(lookAgainMs, 'content remains in the namespace');
}

async function release({ client }: NamespaceContext, namespace: Namespace): Promise<void> {
  const finalizers = (namespace.spec.finalizers ?? []).filter((each) => each !== ours);
  try {
    await client
      .resource(Namespaces)
      .update({ ...namespace, spec: { ...namespace.spec, finalizers } }, { subresource: 'finalize', fieldManager });
  } catch (error) {
    if (!isReason(error, 'NotFound')) throw error;
  }
}

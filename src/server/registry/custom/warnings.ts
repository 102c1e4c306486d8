/** What whoever writes a custom resource is warned of. */
import type { KubeObject } from '#kube/meta/object.ts';
import { qualifiedName } from '#kube/names/validate.ts';

/** The finalizers that need no domain. */
const standard = new Set(['kubernetes', 'orphan', 'foregroundDeletion']);

/** Finalizers that are new and might be somebody else's, too. */
export function finalizerWarnings(object: KubeObject, old?: KubeObject): readonly string[] {
  const before = old?.metadata.finalizers ?? [];
  const added = (object.metadata.finalizers ?? []).filter((finalizer) => !before.includes(finalizer));
  return added.length === 0 ? [] : [...new Set(added)].sort().flatMap(warningsOf);
}

function warningsOf(finalizer: string): readonly string[] {
  const shown = `metadata.finalizers: ${JSON.stringify(finalizer)}: `;
  const texts = [...qualifiedName(finalizer)];
  if (!finalizer.includes('/') && !standard.has(finalizer)) {
    const path = finalizer.includes('.') ? ' including a path (/)' : '';
    texts.push(
      `prefer a domain-qualified finalizer name${path} to avoid accidental conflicts with other finalizer writers`,
    );
  }
  return texts.map((text) => shown + text);
}

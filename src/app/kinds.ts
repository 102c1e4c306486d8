/** What is known of any kind in the process: built-in ones and ours. */

import { customKinds, servedKinds } from '#apis/kinds.ts';
import { builtinKind } from '#apis/kubernetes/kinds.ts';
import type { KindDefinition } from '#kube/kind/definition.ts';
import type { GroupVersionKind } from '#kube/meta/kind.ts';

export function knownKind({ group, version, kind }: GroupVersionKind): KindDefinition | undefined {
  const own = [...customKinds, ...servedKinds].find(
    (each) => each.group === group && each.version === version && each.kind === kind,
  );
  return own ?? builtinKind(group, version, kind);
}

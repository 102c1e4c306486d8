/**
 * The protobuf messages of built-in kinds. Loaded with the first request that speaks protobuf: the table is 90 kB that
 * most processes never need.
 */
import table from '#data/kubernetes/protobuf.json' with { type: 'json' };
import type { MessageOfKind } from '#kube/protobuf/codec.ts';
import { type MessageTable, messageTypes } from '#kube/protobuf/types.ts';

const packages: Readonly<Record<string, string>> = table.packages;
/** By names like `api.core.v1.Toleration`. The compiler’s view of so large a literal is of no use; a test says that the shapes hold. */
export const kubernetesMessages = table.messages as unknown as MessageTable;
const find = messageTypes(kubernetesMessages);

/** Kinds that are the same whatever group version their sender gives them. */
const anywhere = new Set(['APIGroup', 'APIGroupList', 'APIResourceList', 'APIVersions', 'DeleteOptions', 'Status']);

/** The message of this kind; undefined where it has none. */
export const protobufMessage: MessageOfKind = (apiVersion, kind) => {
  const name = anywhere.has(kind) ? packages['meta.k8s.io/v1'] : packages[apiVersion];
  return name === undefined ? undefined : find(`${name}.${kind}`);
};

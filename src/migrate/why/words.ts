/** How objects are named in sentences, and in commands that can be typed as they stand. */
import type { KubeObject } from '#kube/meta/object.ts';
import type { Mend, Subject } from './story.ts';

type Named = Pick<KubeObject, 'kind' | 'metadata'>;

export const titleOfSubject = ({ kind, namespace, name }: Subject): string =>
  `${kind} ${namespace ? `${namespace}/` : ''}${name}`;

export const subjectOf = ({ apiVersion, kind, metadata: { namespace, name } }: KubeObject): Subject => ({
  apiVersion,
  kind,
  ...(namespace ? { namespace } : {}),
  name: name!,
});

/** `deployment/web -n shop`. */
export const typed = ({ kind, metadata: { namespace, name } }: Named): string =>
  `${kind.toLowerCase()}/${name}${namespace ? ` -n ${namespace}` : ''}`;

/** A text as one word of a shell. */
const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

export const mergePatch = (object: Named, patch: object): string =>
  `flotilla patch ${typed(object)} --type merge -p ${quoted(JSON.stringify(patch))}`;

export const jsonPatch = (object: Named, operations: readonly object[]): string =>
  `flotilla patch ${typed(object)} --type json -p ${quoted(JSON.stringify(operations))}`;

export const mend = (does: string, command: string): Mend => ({ does, command });

/** `a, b and 3 more`. */
export function listed(names: readonly string[], most = 5): string {
  if (names.length <= most) return names.join(', ');
  return `${names.slice(0, most).join(', ')} and ${names.length - most} more`;
}

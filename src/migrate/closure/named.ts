/** Objects by name, whatever version of their API they are read in. Pure. */
import { groupKind } from '#interpreter/closure/kinds.ts';
import { keyFor } from '#kube/meta/key.ts';
import { gvkOf } from '#kube/meta/kind.ts';
import type { KubeObject } from '#kube/meta/object.ts';

export interface Named {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
}

/** `apps/Deployment|shop/web`. */
export const keyOfNamed = (named: Named): string => `${groupKind(gvkOf(named))}|${keyFor(named.namespace, named.name)}`;

export const namedOf = ({ apiVersion, kind, metadata: { namespace, name } }: KubeObject): Named => ({
  apiVersion,
  kind,
  ...(namespace ? { namespace } : {}),
  name: name!,
});

export const keyOfObject = (object: KubeObject): string => keyOfNamed(namedOf(object));

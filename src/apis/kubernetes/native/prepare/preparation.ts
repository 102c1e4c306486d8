/** What a kind does to an object on its way in: on create, and on an update of the object itself (not of a subresource). */
import type { KubeObject } from '#kube/meta/object.ts';
import type { UserInfo } from '#kube/request/request.ts';
import { emptyStatus } from '../canonical/object.ts';
import { type Fields, withField } from '../value.ts';

export interface Preparation {
  /** `user` is who asks for it. */
  readonly create?: (object: KubeObject, user?: UserInfo) => KubeObject;
  readonly update?: (object: KubeObject, old: KubeObject) => KubeObject;
  /** Of an update through status. */
  readonly status?: (object: KubeObject, old: KubeObject, now: string) => KubeObject;
}

/** The fields of an object beside its metadata, which are read by name here. */
export const contentOf = (object: KubeObject): Fields => object as unknown as Fields;

/** Whoever creates or changes an object does not say what its status is. */
export const statusIsTheControllers: Preparation = {
  create: (object) => withField(object, 'status', emptyStatus(object)),
  update: keepStatus,
};

export function keepStatus(object: KubeObject, old: KubeObject): KubeObject {
  return withField(object, 'status', contentOf(old).status);
}

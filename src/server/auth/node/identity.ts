/** Which node a user is: `system:node:NAME` of the group system:nodes. */
import type { UserInfo } from '#kube/request/request.ts';

const prefix = 'system:node:';
const nodes = 'system:nodes';

const known = new WeakMap<UserInfo, string | false>();

/** Its name, '' for one that has none; false: it is no node. */
export function nodeOf(user: UserInfo): string | false {
  const before = known.get(user);
  if (before !== undefined) return before;
  const node = user.name.startsWith(prefix) && user.groups.includes(nodes) && user.name.slice(prefix.length);
  known.set(user, node);
  return node;
}

/** The roles and bindings every cluster is born with (system:masters, discovery for all, controllers, admin/edit/view). */
import type { BootstrapRbac } from '#apis/kubernetes/bootstrap-rbac.ts';
import { timestamp } from '#world/clock/clock.ts';
import type { World } from '#world/world.ts';
import type { KindRegistry } from '../../registry/kinds/registry.ts';
import type { Storage } from '../../registry/storage.ts';
import { rbacGroup } from './objects.ts';
import { reconciled } from './reconcile.ts';

const kinds = {
  clusterRoles: 'ClusterRole',
  clusterRoleBindings: 'ClusterRoleBinding',
  roles: 'Role',
  roleBindings: 'RoleBinding',
} as const;

/** Creates what is missing, and adds to what is there what this version needs. */
export function ensureBootstrapRbac(
  rbac: BootstrapRbac,
  { kinds: registry, storage }: { readonly kinds: KindRegistry; readonly storage: Storage },
  { clock, random }: World,
): void {
  const creationTimestamp = timestamp(clock.now());
  for (const [part, kind] of Object.entries(kinds) as [keyof BootstrapRbac, string][]) {
    const served = registry.byKind(rbacGroup, 'v1', kind);
    if (!served) continue;
    for (const template of rbac[part]) {
      const { name = '', namespace = '' } = template.metadata;
      const place = { served, namespace, name };
      const old = storage.get(place);
      if (old) {
        const updated = reconciled(old, template);
        if (updated !== old) storage.update(place, updated, old);
        continue;
      }
      const metadata = { ...template.metadata, uid: random.uuid(), creationTimestamp };
      storage.create(place, { apiVersion: `${rbacGroup}/v1`, kind, ...template, metadata });
    }
  }
}

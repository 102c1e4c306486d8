/** RBAC of one API server put together: grants followed from the store, decisions, escalation checks, aggregation. */
import type { BootstrapRbac } from '#apis/kubernetes/bootstrap-rbac.ts';
import type { World } from '#world/world.ts';
import type { KindRegistry } from '../../registry/kinds/registry.ts';
import type { Storage } from '../../registry/storage.ts';
import type { Authorizer } from '../authorizer.ts';
import { aggregate } from './aggregation.ts';
import { rbacAuthorizer } from './authorizer.ts';
import { ensureBootstrapRbac } from './bootstrap.ts';
import { type EscalationCheck, escalationCheck } from './escalation.ts';
import { createGrants } from './grants.ts';
import { type Role, rbacGroup, rbacResources } from './objects.ts';

export interface Rbac {
  readonly authorizer: Authorizer;
  /** To be asked before a Role or a binding is stored, whoever stores it. */
  readonly checkEscalation: EscalationCheck;
}

export interface RbacOptions {
  readonly storage: Storage;
  readonly kinds: KindRegistry;
  readonly world: World;
  readonly bootstrap: BootstrapRbac;
}

/** Rounds of aggregation after one change; roles that feed each other in a circle settle well before. */
const aggregationRounds = 8;

const retryMs = 1_000;

function aggregateAll({ storage, kinds }: RbacOptions): void {
  const served = kinds.byKind(rbacGroup, 'v1', 'ClusterRole');
  if (!served) return;
  for (let round = 0; round < aggregationRounds; round++) {
    const clusterRoles = storage.list(rbacResources.clusterRoles, undefined).items as readonly Role[];
    const changed = aggregate(clusterRoles);
    if (changed.length === 0) return;
    for (const role of changed) {
      const name = role.metadata.name ?? '';
      const old = storage.get({ served, namespace: '', name });
      if (old && old.metadata.resourceVersion === role.metadata.resourceVersion)
        storage.update({ served, namespace: '', name }, role, old);
    }
  }
}

export function createRbac(options: RbacOptions): Rbac {
  const { storage, kinds, world, bootstrap } = options;
  const grants = createGrants(storage);
  const authorizer = rbacAuthorizer(grants);
  ensureBootstrapRbac(bootstrap, { kinds, storage }, world);

  let due = false;
  const run = () => {
    due = false;
    try {
      aggregateAll(options);
    } catch {
      // The disk is behind: the roles are looked at again.
      due = true;
      world.clock.after(retryMs, run);
    }
  };
  const aggregateSoon = () => {
    if (due) return;
    due = true;
    world.clock.soon(run);
  };
  storage.onCommit(rbacResources.clusterRoles, aggregateSoon);
  aggregateSoon();
  return { authorizer, checkEscalation: escalationCheck(authorizer, grants) };
}

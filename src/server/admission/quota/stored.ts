/** The quotas of a namespace as they are stored, and their status written by the server itself, one after the other. */
import type { ResourceQuota } from '#apis/kubernetes/types.ts';
import type { ApiRequest } from '#kube/request/request.ts';
import { notFound } from '#kube/status/errors.ts';
import type { Registry, Scope } from '../../registry/context.ts';
import type { Storage } from '../../registry/storage.ts';
import { updateWith } from '../../registry/write/update.ts';
import { statusDoor } from '../../subresource/status.ts';
import type { Quotas } from './step.ts';

const resource = 'resourcequotas';
const none: readonly ResourceQuota[] = [];

/** `registry` exists once the first request comes. */
export function storedQuotas(storage: Storage, registry: () => Registry): Quotas {
  const turns = new Map<string, Promise<unknown>>();

  /** Whoever writes the quotas of a namespace waits for those who came before. */
  const inTurn = <T>(namespace: string, work: () => Promise<T>): Promise<T> => {
    const turn = (turns.get(namespace) ?? Promise.resolve()).then(work, work);
    turns.set(namespace, turn);
    const over = () => {
      if (turns.get(namespace) === turn) turns.delete(namespace);
    };
    turn.then(over, over);
    return turn;
  };

  return {
    // Most clusters have none at all.
    inNamespace: (namespace) =>
      storage.count(resource) === 0 ? none : (storage.list(resource, namespace).items as readonly ResourceQuota[]),
    update: (quota, change) =>
      inTurn(quota.metadata.namespace!, async () => {
        const scope = scopeOf(registry(), quota);
        await updateWith(registry(), scope, statusDoor, (old) => ({ object: change(old as ResourceQuota) }));
      }),
  };
}

function scopeOf({ kinds }: Registry, { metadata: { namespace = '', name = '' } }: ResourceQuota): Scope {
  const served = kinds.find('', 'v1', resource);
  if (!served) throw notFound({ group: '', resource }, name);
  const request: ApiRequest = {
    verb: 'update',
    path: { group: '', version: 'v1', resource, namespace, name, subresource: 'status' },
    user: { name: 'system:apiserver', groups: ['system:masters'] },
    options: {},
    userAgent: 'kube-apiserver',
  };
  return { request, served, namespace, name, dryRun: false, warnings: [] };
}

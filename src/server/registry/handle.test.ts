import { describe, expect, it } from 'vitest';
import type { AccessAttributes, Authorizer } from '../auth/authorizer.ts';
import { configMap, refusal, refusalText, startCluster } from '../serve.cases.ts';

/** Allows what is named: `create configmaps`. */
const allowing = (...allowed: readonly string[]) => {
  const asked: string[] = [];
  const authorizer: Authorizer = {
    authorize: ({ verb, resource, subresource }: AccessAttributes) => {
      const what = `${verb} ${resource}${subresource ? `/${subresource}` : ''}`;
      asked.push(what);
      return { allowed: allowed.includes(what), reason: '' };
    },
    rulesFor: () => ({ rules: [], incomplete: false, error: '' }),
  };
  return { asked, access: () => ({ authorizer, authenticate: () => ({ name: 'jane', groups: [] }) }) };
};

const jane = { user: { name: 'jane', groups: [] } };
const maps = 'v1/configmaps/default';

describe('every request', () => {
  it('is authorised first, also for what does not exist', async () => {
    const { access } = allowing();
    const cluster = await startCluster({ access });
    expect(await refusalText(cluster.request('get', `${maps}/a`, jane))).toBe(
      '403 Forbidden: configmaps "a" is forbidden: User "jane" cannot get resource "configmaps" in API group "" in the namespace "default"',
    );
    expect((await refusal(cluster.request('get', 'example.com/v1/nothings/default/a', jane))).code).toBe(403);
    const watching = cluster.server.handler.watch(
      { verb: 'watch', path: { group: '', version: 'v1', resource: 'pods' }, options: {}, ...jane },
      { event: () => {}, end: () => {} },
    );
    expect(await refusalText(watching)).toBe(
      '403 Forbidden: pods is forbidden: User "jane" cannot watch resource "pods" in API group "" at the cluster scope',
    );
  });

  it('needs the right to create where an apply or a PUT creates', async () => {
    const { access, asked } = allowing('patch configmaps', 'update leases');
    const cluster = await startCluster({ access });
    const apply = { ...jane, patchType: 'apply', body: configMap('a'), options: { fieldManager: 'jane' } } as const;
    expect(await refusalText(cluster.request('patch', `${maps}/a`, apply))).toContain(
      'cannot create resource "configmaps"',
    );
    const lease = {
      ...jane,
      body: { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: { name: 'l' }, spec: {} },
    };
    expect(await refusalText(cluster.request('update', 'coordination.k8s.io/v1/leases/default/l', lease))).toContain(
      'cannot create resource "leases"',
    );
    expect(asked).toEqual(['patch configmaps', 'create configmaps', 'update leases', 'create leases']);
  });

  it('asks for subresources by their own name', async () => {
    const { access, asked } = allowing();
    const cluster = await startCluster({ access });
    await refusal(cluster.request('get', 'apps/v1/deployments/default/a/scale', jane));
    expect(asked).toEqual(['get deployments/scale']);
  });

  it('is refused for verbs a kind has not', async () => {
    const cluster = await startCluster();
    expect(await refusalText(cluster.request('deletecollection', 'v1/namespaces', { body: {} }))).toBe(
      '405 MethodNotAllowed: the server does not allow this method on the requested resource',
    );
  });

  it('finds no namespaced paths of cluster-scoped kinds', async () => {
    const cluster = await startCluster();
    expect((await refusal(cluster.get('v1/nodes/default/n'))).code).toBe(404);
  });
});

describe('an answer', () => {
  it('is durable when its newest revision is', async () => {
    const cluster = await startCluster();
    const waited: number[] = [];
    const store = { ...cluster.store, durable: async (revision: number) => void waited.push(revision) };
    const noting = await startCluster({ store: Object.assign(Object.create(cluster.store), store) });
    const { object, durable } = await noting.request('create', maps, { body: configMap('a') });
    await durable;
    const created = object as { metadata: { resourceVersion: string } };
    expect(waited).toEqual([Number(created.metadata.resourceVersion)]);
    const listed = await noting.request('list', maps);
    await listed.durable;
    expect(waited[1]).toBe(noting.store.revision());
    const dry = await noting.request('create', maps, { body: configMap('b'), options: { dryRun: true } });
    expect(dry.durable).toBeUndefined();
    const deleted = await noting.request('delete', `${maps}/a`, { body: {} });
    await deleted.durable;
    expect(waited[2]).toBe(noting.store.revision());
  });
});

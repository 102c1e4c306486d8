/** What every driver of the store must do; run by store.test.ts on each. */
import { afterEach, describe, expect, test } from 'vitest';
import type { KubeObject } from '#kube/meta/object.ts';
import { isReason } from '#kube/status/status.ts';
import type { StoreOptions } from './memory.ts';
import type { Store, StoredChange, StoreKey, WriteOutcome } from './store.ts';

export interface StoreDriver {
  readonly open: (options?: Partial<StoreOptions>) => Promise<Store>;
  /** Lets what was written be delivered. */
  readonly settle: () => Promise<void>;
}

const resource = 'apps/deployments';
const key = (name: string, namespace = 'default', space = 'karmada'): StoreKey => ({
  space,
  resource,
  namespace,
  name,
});

export function deployment(name: string, namespace = 'default', replicas = 1): KubeObject {
  return { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name, namespace }, spec: { replicas } } as KubeObject;
}

export function succeeded(outcome: WriteOutcome): Extract<WriteOutcome, { readonly ok: true }> {
  if (!outcome.ok) throw new Error(`the write was refused: ${outcome.reason}`);
  return outcome;
}

const names = (items: readonly KubeObject[]) => items.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`);
const seen = (changes: readonly StoredChange[]) =>
  changes.map(({ type, key: { name }, revision }) => [type, name, revision]);

function refusal(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}

export function storeCases(driverName: string, makeDriver: () => StoreDriver): void {
  describe(`store on ${driverName}`, () => {
    const stores: Store[] = [];
    const driver = makeDriver();
    const open = async (options?: Partial<StoreOptions>) => {
      const store = await driver.open({ freeze: true, ...options });
      stores.push(store);
      return store;
    };
    afterEach(async () => {
      for (const store of stores.splice(0)) await store.close();
    });

    writeCases(open);
    listCases(open);
    earlierCases(open);
    watchCases(open, driver.settle);
    spaceCases(open, driver.settle);
  });
}

type Open = (options?: Partial<StoreOptions>) => Promise<Store>;

function writeCases(open: Open): void {
  test('create stores with the new revision and refuses a second of the name', async () => {
    const store = await open();
    const created = succeeded(store.create(key('web'), deployment('web')));
    expect(created.object.metadata.resourceVersion).toBe(String(created.revision));
    expect(created.revision).toBe(store.revision());
    expect(store.get(key('web'))).toBe(created.object);
    expect(store.create(key('web'), deployment('web'))).toEqual({ ok: false, reason: 'exists' });
    expect(store.revision()).toBe(created.revision);
  });

  test('update replaces only what the caller saw', async () => {
    const store = await open();
    const created = succeeded(store.create(key('web'), deployment('web')));
    const updated = succeeded(store.update(key('web'), deployment('web', 'default', 2), created.revision));
    expect(updated.revision).toBeGreaterThan(created.revision);
    expect(store.update(key('web'), deployment('web'), created.revision)).toEqual({
      ok: false,
      reason: 'stale',
      object: updated.object,
    });
    expect(store.update(key('other'), deployment('other'), 1)).toEqual({ ok: false, reason: 'missing' });
    expect(store.get(key('web'))).toMatchObject({ spec: { replicas: 2 } });
    // The object the caller holds is not the one that was replaced.
    expect(created.object).toMatchObject({ spec: { replicas: 1 } });
  });

  test('delete answers the last state with the revision of the deletion', async () => {
    const store = await open();
    const created = succeeded(store.create(key('web'), deployment('web')));
    expect(store.delete(key('web'), created.revision + 1)).toEqual({
      ok: false,
      reason: 'stale',
      object: created.object,
    });
    const deleted = succeeded(store.delete(key('web'), created.revision));
    expect(deleted.object).toMatchObject({ spec: { replicas: 1 } });
    expect(deleted.object.metadata.resourceVersion).toBe(String(deleted.revision));
    expect(deleted.revision).toBeGreaterThan(created.revision);
    expect(store.get(key('web'))).toBeUndefined();
    expect(store.delete(key('web'))).toEqual({ ok: false, reason: 'missing' });
    expect(store.count({ space: 'karmada', resource })).toBe(0);
  });

  test('durable resolves for what was written and for what was not', async () => {
    const store = await open();
    const { revision } = succeeded(store.create(key('web'), deployment('web')));
    await store.durable(revision);
    await store.durable(0);
    await store.durable(revision + 1_000);
  });

  test('a name longer than any disk key is refused', async () => {
    const store = await open();
    const error = refusal(() => store.create(key('n'.repeat(2_000)), deployment('n')));
    expect(isReason(error, 'BadRequest')).toBe(true);
  });
}

function listCases(open: Open): void {
  test('lists in the order of etcd: by path, so a namespace comes after its longer namesakes', async () => {
    const store = await open();
    for (const [namespace, name] of [
      ['web', 'b'],
      ['web', 'a-1'],
      ['web-1', 'z'],
      ['web', 'a'],
      ['app', 'x'],
    ] as const) {
      succeeded(store.create(key(name, namespace), deployment(name, namespace)));
    }
    const all = store.list({ space: 'karmada', resource });
    expect(names(all.items)).toEqual(['app/x', 'web-1/z', 'web/a', 'web/a-1', 'web/b']);
    expect(all).toMatchObject({ revision: store.revision(), remaining: 0 });
    expect(all.next).toBeUndefined();
    expect(names(store.list({ space: 'karmada', resource, namespace: 'web' }).items)).toEqual([
      'web/a',
      'web/a-1',
      'web/b',
    ]);
    expect(store.list({ space: 'karmada', resource, namespace: 'none' }).items).toEqual([]);
    expect(store.list({ space: 'karmada', resource: 'none' }).items).toEqual([]);
  });

  test('pages end where the limit says and go on after it', async () => {
    const store = await open();
    for (const name of ['a', 'b', 'c', 'd', 'e']) succeeded(store.create(key(name), deployment(name)));
    const selection = { space: 'karmada', resource };
    const first = store.list(selection, { limit: 2 });
    expect(first).toMatchObject({ next: { namespace: 'default', name: 'b' }, remaining: 3 });
    const second = store.list(selection, { limit: 2, after: first.next });
    expect(names(second.items)).toEqual(['default/c', 'default/d']);
    const last = store.list(selection, { limit: 2, after: second.next });
    expect(names(last.items)).toEqual(['default/e']);
    expect(last.next).toBeUndefined();
    const exact = store.list(selection, { limit: 5 });
    expect(exact.next).toBeUndefined();
  });

  test('cluster-scoped objects have no namespace', async () => {
    const store = await open();
    const at = (name: string): StoreKey => ({ space: 'karmada', resource: 'clusters', namespace: '', name });
    for (const name of ['member2', 'member1']) succeeded(store.create(at(name), deployment(name, '')));
    const selection = { space: 'karmada', resource: 'clusters' };
    const page = store.list(selection, { limit: 1 });
    expect(page).toMatchObject({ next: { namespace: '', name: 'member1' }, remaining: 1 });
    expect(store.list(selection, { after: page.next }).items).toHaveLength(1);
  });
}

function earlierCases(open: Open): void {
  test('lists an earlier revision as it was, in pages', async () => {
    const store = await open();
    const selection = { space: 'karmada', resource };
    for (const name of ['a', 'c', 'e']) succeeded(store.create(key(name), deployment(name)));
    const at = store.revision();
    succeeded(store.create(key('b'), deployment('b')));
    succeeded(store.delete(key('c')));
    succeeded(store.update(key('e'), deployment('e', 'default', 9), at));
    const first = store.list(selection, { at, limit: 2 });
    expect(names(first.items)).toEqual(['default/a', 'default/c']);
    expect(first).toMatchObject({ revision: at, remaining: 1, next: { name: 'c' } });
    const rest = store.list(selection, { at, limit: 2, after: first.next });
    expect(rest.items).toMatchObject([{ metadata: { name: 'e' }, spec: { replicas: 1 } }]);
    expect(names(store.list(selection).items)).toEqual(['default/a', 'default/b', 'default/e']);
  });

  test('a revision outside the window is expired, one ahead of now is too large', async () => {
    const store = await open({ windows: { each: 3, all: 100 } });
    const selection = { space: 'karmada', resource };
    const first = succeeded(store.create(key('a'), deployment('a'))).revision;
    for (const name of ['b', 'c', 'd', 'e']) succeeded(store.create(key(name), deployment(name)));
    const list = refusal(() => store.list(selection, { at: first }));
    expect(isReason(list, 'Expired') && list.message).toBe('The resourceVersion for the provided list is too old.');
    const watch = refusal(() => store.watch(selection, first, () => {}));
    expect(isReason(watch, 'Expired') && watch.message).toBe(`too old resource version: ${first} (${first + 1})`);
    expect(store.list(selection, { at: first + 1 }).items).toHaveLength(2);
    const ahead = refusal(() => store.list(selection, { at: first + 100 }));
    expect(isReason(ahead, 'Timeout') && ahead.message).toBe(
      `Too large resource version: ${first + 100}, current: ${first + 4}`,
    );
  });
}

function watchCases(open: Open, settle: () => Promise<void>): void {
  const selection = { space: 'karmada', resource };

  test('delivers what was missed, then what happens, in order and never within the write', async () => {
    const store = await open();
    const from = store.revision();
    succeeded(store.create(key('a'), deployment('a')));
    const changes: StoredChange[] = [];
    store.watch(selection, from, (change) => changes.push(change));
    const created = succeeded(store.create(key('b'), deployment('b')));
    expect(changes).toEqual([]);
    await settle();
    const updated = succeeded(store.update(key('b'), deployment('b', 'default', 3), created.revision));
    succeeded(store.delete(key('b')));
    expect(changes).toHaveLength(2);
    await settle();
    expect(seen(changes)).toEqual([
      ['created', 'a', from + 1],
      ['created', 'b', from + 2],
      ['updated', 'b', from + 3],
      ['deleted', 'b', from + 4],
    ]);
    expect(changes[2]).toMatchObject({ object: updated.object, previous: created.object });
    expect(changes[3]!.previous).toBe(updated.object);
    expect(changes[3]!.object.metadata.resourceVersion).toBe(String(from + 4));
  });

  test('all watchers of a resource get the same change object; other resources and spaces are not heard', async () => {
    const store = await open();
    const first: StoredChange[] = [];
    const second: StoredChange[] = [];
    store.watch(selection, store.revision(), (change) => first.push(change));
    store.watch(selection, store.revision(), (change) => second.push(change));
    succeeded(store.create(key('a'), deployment('a')));
    succeeded(store.create({ ...key('a'), resource: 'configmaps' }, deployment('a')));
    succeeded(store.create(key('a', 'default', 'member1'), deployment('a')));
    await settle();
    expect(first).toHaveLength(1);
    expect(first[0]).toBe(second[0]);
  });

  test('a watcher that stops, or throws, hears nothing more; the others do', async () => {
    const errors: unknown[] = [];
    const store = await open({ onError: (error) => errors.push(error) });
    const heard: string[] = [];
    const stopping = store.watch(selection, store.revision(), () => {
      heard.push('stopping');
      stopping.stop();
    });
    store.watch(selection, store.revision(), () => {
      heard.push('throwing');
      throw new Error('a bug');
    });
    store.watch(selection, store.revision(), () => heard.push('steady'));
    for (const name of ['a', 'b']) succeeded(store.create(key(name), deployment(name)));
    await settle();
    expect(heard).toEqual(['stopping', 'throwing', 'steady', 'steady']);
    expect(errors).toHaveLength(1);
  });

  test('a watch that begins within a delivery misses nothing and hears nothing twice', async () => {
    const store = await open();
    const from = store.revision();
    const late: StoredChange[] = [];
    let begun = false;
    store.watch(selection, from, () => {
      if (!begun) store.watch(selection, from, (change) => late.push(change));
      begun = true;
    });
    for (const name of ['a', 'b', 'c']) succeeded(store.create(key(name), deployment(name)));
    await settle();
    succeeded(store.create(key('d'), deployment('d')));
    await settle();
    expect(late.map((change) => change.revision)).toEqual([from + 1, from + 2, from + 3, from + 4]);
  });

  test('a burst larger than the window reaches those who watch', async () => {
    const store = await open({ windows: { each: 2, all: 100 } });
    const changes: StoredChange[] = [];
    store.watch(selection, store.revision(), (change) => changes.push(change));
    for (let index = 0; index < 50; index++) succeeded(store.create(key(`n${index}`), deployment(`n${index}`)));
    await settle();
    expect(changes).toHaveLength(50);
  });
}

function spaceCases(open: Open, settle: () => Promise<void>): void {
  test('spaces share the revisions and nothing else', async () => {
    const store = await open();
    const first = succeeded(store.create(key('web', 'default', 'member1'), deployment('web')));
    const second = succeeded(store.create(key('web', 'default', 'member2'), deployment('web')));
    expect(second.revision).toBe(first.revision + 1);
    succeeded(store.delete(key('web', 'default', 'member1')));
    expect(store.get(key('web', 'default', 'member2'))).toBe(second.object);
    expect(store.resources('member1')).toEqual([]);
    expect(store.resources('member2')).toEqual([resource]);
  });

  test('a dropped space is empty, its watchers silent, its name free, its revisions expired', async () => {
    const store = await open();
    const selection = { space: 'member1', resource };
    const { revision } = succeeded(store.create(key('web', 'default', 'member1'), deployment('web')));
    const changes: StoredChange[] = [];
    store.watch(selection, store.revision(), (change) => changes.push(change));
    store.dropSpace('member1');
    expect(store.list(selection).items).toEqual([]);
    expect(store.spaces()).not.toContain('member1');
    succeeded(store.create(key('web', 'default', 'member1'), deployment('web')));
    await settle();
    expect(changes).toEqual([]);
    expect(
      isReason(
        refusal(() => store.watch(selection, revision, () => {})),
        'Expired',
      ),
    ).toBe(true);
  });
}

import { describe, expect, it } from 'vitest';
import { builtinKind } from '#apis/kubernetes/kinds.ts';
import type { Work } from '#apis/work/work.ts';
import { fieldSet, fromFieldsV1, has } from '#kube/fields/fieldset.ts';
import type { ManagedFieldsEntry, UnstructuredObject } from '#kube/meta/object.ts';
import { entry } from './entry.fixture.ts';
import { deferredIn, isSecret, journalFor, journalName, originalIn, withDeferred } from './journal.ts';
import { letGo } from './let-go.ts';
import { isController, isHandedOver, isOfUs, isOurs } from './managers.ts';
import { meansFor, noteOf } from './means.ts';

const none = fieldSet();

describe('managers', () => {
  it.each<[string, object, readonly [controller: boolean, ours: boolean, handedOver: boolean]]>([
    ['kubectl-client-side-apply', {}, [false, false, true]],
    ['helm', {}, [false, false, true]],
    ['before-first-apply', {}, [false, false, true]],
    ['somebody', {}, [false, false, true]],
    ['somebody', { apiVersion: 'apps/v1beta1' }, [false, false, false]],
    ['somebody', { subresource: 'status' }, [false, false, false]],
    ['kubectl', { subresource: 'scale' }, [false, false, true]],
    ['kube-controller-manager', {}, [true, false, false]],
    ['horizontal-pod-autoscaler', { subresource: 'scale' }, [true, false, false]],
    ['keda-operator', {}, [true, false, false]],
    ['vpa-updater', {}, [true, false, false]],
    ['my-keda', {}, [false, false, true]],
    ['flotilla', { operation: 'Apply' }, [false, true, false]],
    ['flotilla', {}, [false, false, true]],
  ])('%s %j', (manager, more, [controller, mine, handed]) => {
    const found = entry(manager, 'Update', none, more);
    expect([isController(found), isOurs(found), isHandedOver(found, 'apps/v1')]).toEqual([controller, mine, handed]);
    expect(isOfUs(found)).toBe(manager === 'flotilla');
  });
});

describe('means', () => {
  const kind = builtinKind('apps', 'v1', 'Deployment')!;
  const work = (mode?: string) =>
    ({ metadata: { annotations: mode ? { 'work.flotilla.io/write': mode } : {} } }) as unknown as Work;
  const manifest = (...names: readonly string[]) =>
    ({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web' },
      spec: { template: { spec: { containers: [{ name: 'a', env: names.map((name) => ({ name, value: 'x' })) }] } } },
    }) as unknown as UnstructuredObject;

  it('is apply as a rule, and nothing is said of it', () => {
    const means = meansFor(work(), manifest('A', 'B'), kind, undefined);
    expect(means).toEqual({ by: 'apply' });
    expect(noteOf(means)).toBeUndefined();
  });

  it('is update where a key occurs twice, or the member cannot apply', () => {
    const twice = meansFor(work(), manifest('A', 'A'), kind, undefined);
    expect(twice.by).toBe('update');
    expect(noteOf(twice)).toMatch(/^written by a full update, for it cannot be applied: .*env/);
    expect(meansFor(work(), manifest('A'), kind, 'no such media type')).toEqual({
      by: 'update',
      why: 'no such media type',
    });
  });

  it('is replacement where the template asks for it', () => {
    const means = meansFor(work('replace'), manifest('A', 'A'), kind, 'refused');
    expect(means).toEqual({ by: 'replacement' });
    expect(noteOf(means)).toContain('work.flotilla.io/write');
    expect(meansFor(work('other'), manifest('A'), kind, undefined)).toEqual({ by: 'apply' });
  });
});

describe('the journal', () => {
  const key = { namespace: 'karmada-es-a', name: 'web-1' };
  const object = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', uid: 'u', resourceVersion: '7' },
    spec: {},
  } as unknown as UnstructuredObject;
  const deferred = [{ path: ['spec', 'replicas'], value: 2 }];
  const decode = (base64: string) => Buffer.from(base64, 'base64').toString();

  it('keeps the original, whose it was, and what is deferred', () => {
    const journal = journalFor(key, { object, deferred }, () => 'hash');
    expect(journal).toMatchObject({
      kind: 'ControllerRevision',
      metadata: {
        ...key,
        annotations: {
          'adoption.flotilla.io/uid': 'u',
          'adoption.flotilla.io/resource-version': '7',
          'adoption.flotilla.io/hash': 'hash',
        },
      },
    });
    expect(originalIn(journal, decode)).toEqual({ object, deferred });
    const freed = withDeferred(journal, []);
    expect(deferredIn(freed)).toEqual([]);
    expect(originalIn(freed, decode)).toEqual({ object, deferred: [] });
  });

  it('keeps a Secret in a Secret', () => {
    const secret = {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 's' },
      data: { a: 'YQ==' },
    } as unknown as UnstructuredObject;
    const journal = journalFor(key, { object: secret, deferred: [] }, () => 'hash');
    expect(isSecret(journal)).toBe(true);
    const { stringData, ...rest } = journal as UnstructuredObject & { stringData: Record<string, string> };
    const data = Object.fromEntries(
      Object.entries(stringData).map(([name, text]) => [name, Buffer.from(text).toString('base64')]),
    );
    expect(originalIn({ ...rest, data } as UnstructuredObject, decode)?.object).toEqual(secret);
  });

  it('refuses what is too large to keep', () => {
    const large = { ...object, spec: { text: 'ü'.repeat(600 * 1024) } } as UnstructuredObject;
    expect(() => journalFor(key, { object: large, deferred: [] }, () => '')).toThrow('it is not adopted');
  });

  it('is named after the Work, further manifests by their place; other objects hold no original', () => {
    expect([0, 2].map((ordinal) => journalName({ name: 'web-1' }, ordinal))).toEqual(['web-1', 'web-1-2']);
    expect(
      originalIn({ apiVersion: 'v1', kind: 'Secret', metadata: {} } as UnstructuredObject, decode),
    ).toBeUndefined();
  });
});

describe('letting go', () => {
  const spec = fieldSet(['spec', 'replicas'], ['spec', 'paused']);
  const mark = ['metadata', 'labels', 'karmada.io/managed'];
  const live = (labels: object, annotations: object, ...managedFields: readonly ManagedFieldsEntry[]) =>
    ({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web', uid: 'u', resourceVersion: '7', labels, annotations, managedFields },
      spec: { replicas: 2, paused: true },
    }) as unknown as UnstructuredObject;
  const ours = entry('flotilla', 'Apply', fieldSet(['spec', 'replicas'], ['spec', 'paused'], mark));
  const marked = live({ 'karmada.io/managed': 'true', app: 'web' }, { 'work.karmada.io/name': 'w' }, ours);
  interface Operation {
    readonly op: string;
    readonly path: string;
    readonly value?: unknown;
  }
  const operations = (object: UnstructuredObject, original?: UnstructuredObject) =>
    letGo(object, original, 't').patch as unknown as readonly Operation[];
  const entriesOf = (list: readonly Operation[]) =>
    list.find(({ path }) => path === '/metadata/managedFields')!.value as readonly ManagedFieldsEntry[];

  it('is one patch that is refused when the object has changed', () => {
    const [test, labels, annotations, fields] = operations(marked);
    expect(test).toEqual({ op: 'test', path: '/metadata/resourceVersion', value: '7' });
    expect(labels).toEqual({ op: 'replace', path: '/metadata/labels', value: { app: 'web' } });
    expect(annotations).toEqual({ op: 'remove', path: '/metadata/annotations' });
    expect(fields!.path).toBe('/metadata/managedFields');
  });

  it('gives fields back to those who owned them', () => {
    const kubectl = entry('kubectl-client-side-apply', 'Update', fieldSet(['spec', 'replicas']));
    const original = { ...live({ app: 'web' }, {}, kubectl), spec: { replicas: 2 } };
    const given = entriesOf(operations(marked, original));
    const fieldsOf = (manager: string) => fromFieldsV1(given.find((each) => each.manager === manager)?.fieldsV1);
    expect(has(fieldsOf('kubectl-client-side-apply'), ['spec', 'replicas'])).toBe(true);
    expect(has(fieldsOf('before-first-apply'), ['spec', 'paused'])).toBe(true);
    expect(given.some(isOfUs)).toBe(false);
    expect(JSON.stringify(given)).not.toContain('karmada.io/managed');
  });

  it('gives nobody what nobody owned and what is as it was', () => {
    const kubectl = entry('kubectl', 'Apply', fieldSet(['spec', 'replicas']));
    const given = entriesOf(operations(marked, live({ app: 'web' }, {}, kubectl)));
    expect(given.map(({ manager }) => manager)).toEqual(['kubectl']);
  });

  it('without a journal everything goes to before-first-apply', () => {
    const given = entriesOf(operations(marked));
    expect(given.map(({ manager, operation }) => [manager, operation])).toEqual([['before-first-apply', 'Update']]);
    const all = fromFieldsV1(given[0]!.fieldsV1);
    expect(has(all, ['spec', 'replicas']) && has(all, ['spec', 'paused'])).toBe(true);
    expect(has(spec, ['spec', 'paused'])).toBe(true);
  });

  it('puts a mark back that the original had, and kubectl’s record as it was, under its owner’s name', () => {
    const key = 'kubectl.kubernetes.io/last-applied-configuration';
    const record = fieldSet(['metadata', 'annotations', key]);
    const recorded = live(
      { 'karmada.io/managed': 'true' },
      { [key]: 'new', 'work.karmada.io/name': 'w' },
      entry('flotilla', 'Apply', record),
    );
    const original = live(
      { 'karmada.io/managed': 'old' },
      { [key]: 'old' },
      entry('kubectl-client-side-apply', 'Update', record),
    );
    const list = operations(recorded, original);
    expect(list[1]).toMatchObject({ value: { 'karmada.io/managed': 'old' } });
    expect(list[2]).toMatchObject({ value: { [key]: 'old' } });
    expect(letGo(recorded, original, 't').fieldManager).toBe('kubectl-client-side-apply');
    expect(letGo(recorded, undefined, 't').fieldManager).toBe('before-first-apply');
  });
});

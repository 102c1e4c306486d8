import { describe, expect, it } from 'vitest';
import { fieldSet, formatPath, fromFieldsV1, pathsOf } from '../fields/fieldset.ts';
import { deepFreeze } from '../meta/freeze.ts';
import type { KubeObject, UnstructuredObject } from '../meta/object.ts';
import { StatusError } from '../status/status.ts';
import { type ApplyRequest, serverSideApply } from './apply.ts';
import { kinds } from './testdata/kinds.ts';
import { settleTimes } from './unchanged.ts';
import { recordUpdate } from './update.ts';

type Body = Readonly<Record<string, unknown>>;

const deployment = (spec: Body, metadata: Body = {}): UnstructuredObject =>
  deepFreeze({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', namespace: 'shop', ...metadata },
    spec,
  }) as UnstructuredObject;

const apply = (facts: Partial<ApplyRequest> & Pick<ApplyRequest, 'config'>): UnstructuredObject =>
  deepFreeze(
    serverSideApply({ schema: kinds.Deployment!, manager: 'alice', apiVersion: 'apps/v1', now: 0, ...facts }).object,
  ) as UnstructuredObject;

const stored = (object: KubeObject): UnstructuredObject =>
  deepFreeze({
    ...object,
    metadata: { ...object.metadata, uid: 'u', creationTimestamp: '2026-01-01T00:00:00Z', generation: 3 },
  });

function refusal(action: () => unknown): StatusError {
  try {
    action();
  } catch (error) {
    if (error instanceof StatusError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

const owned = (object: KubeObject, manager: string): readonly string[] =>
  (object.metadata.managedFields ?? [])
    .filter((entry) => entry.manager === manager)
    .flatMap((entry) => pathsOf(fromFieldsV1(entry.fieldsV1)).map(formatPath));

describe('what is returned', () => {
  const config = deployment({ replicas: 2, template: { spec: { containers: [{ name: 'web', image: 'nginx' }] } } });
  const live = stored(apply({ config }));

  it('is the live object itself when nothing changes, at any later time', () => {
    expect(apply({ live, config, now: 1e12 })).toBe(live);
    expect(
      apply({ live, config: deployment({ ...(config.spec as Body) }, { creationTimestamp: null }), now: 1e12 }),
    ).toBe(live);
  });

  it('shares with the live object what the apply does not touch', () => {
    const result = apply({ live, config: deployment({ ...(config.spec as Body), replicas: 3 }) });
    expect((result.spec as Body).template).toBe((live.spec as Body).template);
    expect(result.metadata.uid).toBe('u');
  });

  it('never carries what the server alone writes out of a configuration', () => {
    const metadata = { creationTimestamp: '1999-01-01T00:00:00Z', generation: 9, labels: { a: 'b' } };
    const result = apply({ live, config: deployment({ ...(config.spec as Body) }, metadata) });
    expect(result.metadata).toMatchObject({
      creationTimestamp: '2026-01-01T00:00:00Z',
      generation: 3,
      labels: { a: 'b' },
    });
  });

  it('has no explicit nulls, though they take a value away', () => {
    const result = apply({
      live,
      config: deployment({ replicas: null, paused: null, template: (config.spec as Body).template }),
    });
    expect(result.spec).toEqual({ template: (config.spec as Body).template });
    expect(owned(result, 'alice')).toContain('.spec.replicas');
  });

  it('settles on the live object when canonical forms undo the change', () => {
    const result = apply({ live, config: deployment({ ...(config.spec as Body), replicas: 3 }), now: 1e12 });
    const canonical = { ...result, spec: live.spec };
    expect(settleTimes(live, canonical)).toBe(live);
    expect(settleTimes(live, result)).toBe(result);
  });
});

describe('an empty configuration', () => {
  it('gives up all the manager had, and its entry', () => {
    const live = stored(apply({ config: deployment({ replicas: 2 }, { labels: { a: '1' } }) }));
    const result = apply({ live, config: deployment({}) });
    expect(result.spec).toEqual({});
    expect(result.metadata.labels).toBeUndefined();
    expect(result.metadata.name).toBe('web');
    const { spec: _, ...bare } = deployment({});
    expect('managedFields' in apply({ live, config: bare }).metadata).toBe(false);
  });
});

describe('status', () => {
  const status = fieldSet(['status']);
  const allElse = fieldSet(['spec'], ['metadata', 'labels']);

  it('is neither written nor owned through the main resource', () => {
    const config = { ...deployment({ replicas: 1 }), status: { replicas: 9 } };
    const result = apply({ config, resetFields: status });
    expect('status' in result).toBe(false);
    expect(owned(result, 'alice')).toEqual(['.spec.replicas']);
  });

  it('is all that is written and owned through the status subresource', () => {
    const live = stored(apply({ config: deployment({ replicas: 1 }, { labels: { a: '1' } }) }));
    const config = { ...deployment({ replicas: 5 }, { labels: { a: '2' } }), status: { replicas: 1 } };
    const result = apply({ live, config, manager: 'controller', subresource: 'status', resetFields: allElse });
    expect(result.spec).toBe(live.spec);
    expect(result.metadata.labels).toEqual({ a: '1' });
    expect(result.status).toEqual({ replicas: 1 });
    expect(owned(result, 'controller')).toEqual(['.status.replicas']);
  });
});

describe('conflicts', () => {
  const base = deployment({ replicas: 1, paused: true }, { labels: { a: '1' } });
  const byUpdate = stored(
    recordUpdate({ schema: kinds.Deployment!, updated: base, manager: 'b-tool', apiVersion: 'apps/v1', now: 0 }),
  );
  const scaled = stored(
    recordUpdate({
      schema: kinds.Deployment!,
      old: byUpdate,
      updated: { ...byUpdate, spec: { replicas: 2, paused: true } },
      manager: 'a-scaler',
      apiVersion: 'apps/v1',
      subresource: 'scale',
      now: 0,
    }),
  );

  it('are told field by field, grouped by manager, as kube-apiserver does', () => {
    const config = deployment({ replicas: 3, paused: false }, { labels: { a: '2' } });
    const { status } = refusal(() => apply({ live: scaled, config }));
    expect(status).toEqual({
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      reason: 'Conflict',
      code: 409,
      message: [
        'Apply failed with 3 conflicts: conflicts with "a-scaler" with subresource "scale" using apps/v1:',
        '- .spec.replicas',
        'conflicts with "b-tool" using apps/v1:',
        '- .metadata.labels.a',
        '- .spec.paused',
      ].join('\n'),
      details: {
        causes: [
          {
            reason: 'FieldManagerConflict',
            message: 'conflict with "a-scaler" with subresource "scale" using apps/v1',
            field: '.spec.replicas',
          },
          {
            reason: 'FieldManagerConflict',
            message: 'conflict with "b-tool" using apps/v1',
            field: '.metadata.labels.a',
          },
          { reason: 'FieldManagerConflict', message: 'conflict with "b-tool" using apps/v1', field: '.spec.paused' },
        ],
      },
    });
  });

  it('with an applier name no version', () => {
    const live = stored(apply({ config: deployment({ replicas: 1 }), manager: 'bob' }));
    const { message } = refusal(() => apply({ live, config: deployment({ replicas: 2 }) }));
    expect(message).toBe('Apply failed with 1 conflict: conflict with "bob": .spec.replicas');
  });

  it('are none where the value is the same; the field is shared then', () => {
    const result = apply({ live: scaled, config: deployment({ replicas: 2 }) });
    expect(owned(result, 'alice')).toEqual(['.spec.replicas']);
    expect(owned(result, 'a-scaler')).toEqual(['.spec.replicas']);
  });

  it('with an entry of the same manager count, too', () => {
    const live = stored(
      recordUpdate({ schema: kinds.Deployment!, updated: base, manager: 'alice', apiVersion: 'apps/v1', now: 0 }),
    );
    expect(refusal(() => apply({ live, config: deployment({ replicas: 2 }) })).reason).toBe('Conflict');
  });
});

describe('a body that cannot be applied', () => {
  const containers = (...items: readonly unknown[]) => deployment({ template: { spec: { containers: items } } });
  const typedPatch = 'failed to create typed patch object (shop/web; apps/v1, Kind=Deployment): ';
  const path = '.spec.template.spec.containers';

  it.each<[string, UnstructuredObject, string]>([
    ['a duplicate item', containers({ name: 'a' }, { name: 'a' }), `${path}: duplicate entries for key [name="a"]`],
    [
      'a duplicate by default key',
      containers({ name: 'a', ports: [{ containerPort: 80 }, { containerPort: 80, protocol: 'TCP' }] }),
      `${path}[name="a"].ports: duplicate entries for key [containerPort=80,protocol="TCP"]`,
    ],
    ['an unknown field', deployment({ replica: 1 }), '.spec.replica: field not declared in schema'],
    [
      'text for a number',
      deployment({ replicas: 'two' }),
      '.spec.replicas: expected numeric (int or float), got string',
    ],
    [
      'a number for text',
      containers({ name: 'a', image: 1 }),
      `${path}[name="a"].image: expected string, got &value.valueUnstructured{Value:1}`,
    ],
    ['text for a boolean', deployment({ paused: 'yes' }), '.spec.paused: expected boolean, got &{yes}'],
    [
      'a map for a list',
      deployment({ template: { spec: { containers: { name: 'a' } } } }),
      `${path}: expected list, got &{map[name:a]}`,
    ],
    ['a list for a map', deployment({ strategy: ['a'] }), '.spec.strategy: expected map, got &{[a]}'],
    ['a null item', containers(null), `${path}: element 0: associative list with keys may not have a null element`],
    [
      'an item without its keys',
      deployment(
        { template: { spec: { containers: [{ name: 'a', ports: [{ protocol: 'TCP' }] }] } } },
        { ownerReferences: [{}] },
      ),
      '.metadata.ownerReferences: element 0: associative list with keys has an element that omits all key fields ["uid"] ' +
        "(and doesn't have default values for any key fields)",
    ],
    [
      'a set item twice',
      deployment({}, { finalizers: ['a', 'a'] }),
      '.metadata.finalizers: duplicate entries for key [="a"]',
    ],
  ])('%s', (_, config, problem) => {
    const { status } = refusal(() => apply({ config }));
    expect(status).toEqual({
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      code: 500,
      message: typedPatch + problem,
    });
  });

  it('with several problems lists them', () => {
    const { message } = refusal(() => apply({ config: deployment({ replica: 1, paused: 1 }) }));
    expect(message).toBe(
      `${typedPatch}errors:\n  .spec.replica: field not declared in schema\n  .spec.paused: expected boolean, got &{1}`,
    );
  });

  it('with managedFields or of another kind is a bad request', () => {
    const owning = deployment({}, { managedFields: [] });
    expect(refusal(() => apply({ config: owning })).status).toMatchObject({
      code: 400,
      message: 'metadata.managedFields must be nil',
    });
    const foreign = { ...deployment({}), apiVersion: 'apps/v1beta1' };
    expect(refusal(() => apply({ config: foreign })).message).toBe(
      'invalid object type: apps/v1beta1, Kind=Deployment',
    );
  });
});

describe('the order of a merged list', () => {
  const tags = (...values: readonly string[]) => ({
    apiVersion: 'example.io/v1',
    kind: 'Widget',
    metadata: { name: 'w' },
    spec: { tags: values },
  });
  const merged = (live: readonly string[], config: readonly string[]) => {
    const facts = { schema: kinds.Widget!, apiVersion: 'example.io/v1' };
    const before = stored(apply({ ...facts, config: tags(...live) }));
    return (apply({ ...facts, live: before, config: tags(...config), manager: 'bob' }).spec as { tags: unknown }).tags;
  };

  it.each([
    [['a', 'b', 'c'], ['b'], ['a', 'b', 'c']],
    [
      ['a', 'b', 'c'],
      ['c', 'a'],
      ['b', 'c', 'a'],
    ],
    [
      ['a', 'b'],
      ['x', 'b', 'y'],
      ['a', 'x', 'b', 'y'],
    ],
    [['a', 'b', 'c'], ['x'], ['a', 'b', 'c', 'x']],
    [
      ['a', 'b', 'c', 'd'],
      ['d', 'x', 'b'],
      ['a', 'c', 'd', 'x', 'b'],
    ],
  ])('%j with %j is %j', (live, config, result) => {
    expect(merged(live, config)).toEqual(result);
  });
});

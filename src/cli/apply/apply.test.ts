import { describe, expect, it } from 'vitest';
import { lastApplied } from '#apis/names/annotations.ts';
import type { ManagedFieldsEntry } from '#kube/meta/object.ts';
import { lastAppliedOf, withLastApplied, withLastAppliedIf } from './last-applied.ts';
import { propagationOf } from './policy.ts';
import { upgradedEntries } from './upgrade.ts';

const object = {
  kind: 'ConfigMap',
  apiVersion: 'v1',
  metadata: { name: 'x', namespace: 'default' },
  data: { b: '<&>', a: '1' },
};
/** As kubectl writes it: sorted keys, Go's escapes, annotations always there, a line break at the end. */
const text =
  '{"apiVersion":"v1","data":{"a":"1","b":"\\u003c\\u0026\\u003e"},"kind":"ConfigMap","metadata":{"annotations":{},"name":"x","namespace":"default"}}\n';

describe('the annotation of client-side apply', () => {
  it('holds the manifest without itself', () => {
    const once = withLastApplied(object);
    expect(once.metadata.annotations?.[lastApplied]).toBe(text);
    expect(withLastApplied(once)).toEqual(once);
    expect(lastAppliedOf(once)).toEqual({ ...object, metadata: { ...object.metadata, annotations: {} } });
  });

  it('is made where it is asked for, or there already', () => {
    expect(withLastAppliedIf(false, object)).toBe(object);
    expect(withLastAppliedIf(true, object).metadata.annotations).toHaveProperty([lastApplied], text);
    const stale = { ...object, metadata: { ...object.metadata, annotations: { [lastApplied]: 'not JSON' } } };
    expect(lastAppliedOf(stale)).toBeUndefined();
    expect(withLastAppliedIf(false, stale).metadata.annotations).toHaveProperty([lastApplied], text);
  });
});

describe('from client-side to server-side apply', () => {
  const annotation = { 'f:metadata': { 'f:annotations': { [`f:${lastApplied}`]: {} } } };
  const entry = (manager: string, operation: 'Apply' | 'Update', fieldsV1: object, time = 't1'): ManagedFieldsEntry =>
    ({ manager, operation, apiVersion: 'v1', fieldsType: 'FieldsV1', time, fieldsV1 }) as ManagedFieldsEntry;

  it('gives the applier what client-side apply owned', () => {
    const controller = entry('controller', 'Update', { 'f:status': {} });
    const upgraded = upgradedEntries([
      controller,
      entry('kubectl', 'Apply', { 'f:data': { 'f:a': {} } }),
      entry('kubectl-client-side-apply', 'Update', { ...annotation, 'f:data': { 'f:b': {} } }),
    ]);
    expect(upgraded).toEqual([controller, entry('kubectl', 'Apply', { 'f:data': { 'f:a': {}, 'f:b': {} } })]);
  });

  it('finds who wrote the annotation, whatever its name, and does nothing twice', () => {
    const upgraded = upgradedEntries([
      entry('old', 'Update', annotation, 't1'),
      entry('newer', 'Update', { ...annotation, 'f:data': { 'f:a': {} } }, 't2'),
    ]);
    expect(upgraded.map(({ manager, operation }) => `${manager} ${operation}`)).toEqual([
      'old Update',
      'kubectl Apply',
    ]);
    const none = [entry('kubectl', 'Apply', {}), entry('controller', 'Update', {})];
    expect(upgradedEntries(none)).toBe(none);
  });
});

describe('the policy of apply -C', () => {
  const placed = {
    object: { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', metadata: { name: 'System:Read' } },
    source: 'f',
    name: 'System:Read',
    resource: {
      group: 'rbac.authorization.k8s.io',
      version: 'v1',
      kind: 'ClusterRole',
      resource: 'clusterroles',
      namespaced: false,
      singular: 'clusterrole',
      shortNames: [],
      categories: [],
      verbs: [],
      subresources: [],
    },
  };

  it('has a name that any resource gives', () => {
    const policy = propagationOf(placed, undefined);
    expect(policy.kind).toBe('ClusterPropagationPolicy');
    expect(policy.metadata.name).toMatch(/^system\.read-[a-z0-9]+$/);
    expect(policy.metadata.namespace).toBeUndefined();
  });
});

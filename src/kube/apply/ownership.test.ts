import { describe, expect, it } from 'vitest';
import { fieldSet, formatPath, fromFieldsV1, keyElement, pathsOf } from '../fields/fieldset.ts';
import { deepFreeze } from '../meta/freeze.ts';
import type { KubeObject, ManagedFieldsEntry } from '../meta/object.ts';
import { entriesOf, giveFieldsTo, managedFieldsPatch, subtractFromManager } from './ownership.ts';

const env = keyElement({ name: 'A' });
const kubectl: ManagedFieldsEntry = {
  manager: 'kubectl',
  operation: 'Update',
  apiVersion: 'apps/v1',
  time: '2026-01-01T00:00:00Z',
  fieldsType: 'FieldsV1',
  fieldsV1: {
    'f:spec': {
      'f:env': { '.': {}, [env.text]: { '.': {}, 'f:name': {}, 'f:value': {} } },
      'f:paused': {},
      'f:replicas': {},
    },
  },
};
const scaler: ManagedFieldsEntry = {
  manager: 'hpa',
  operation: 'Update',
  apiVersion: 'apps/v1',
  time: '2026-01-02T00:00:00Z',
  fieldsType: 'FieldsV1',
  fieldsV1: { 'f:spec': { 'f:replicas': {} } },
  subresource: 'scale',
};
const ours: ManagedFieldsEntry = {
  manager: 'flotilla',
  operation: 'Apply',
  apiVersion: 'apps/v1',
  time: '2026-01-03T00:00:00Z',
  fieldsType: 'FieldsV1',
  fieldsV1: { 'f:spec': { 'f:env': { [env.text]: { '.': {}, 'f:name': {}, 'f:value': {} } }, 'f:replicas': {} } },
};

const object = (...managedFields: readonly ManagedFieldsEntry[]): KubeObject =>
  deepFreeze({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', resourceVersion: '7', managedFields },
  });

const owners = (entries: readonly ManagedFieldsEntry[]): Record<string, readonly string[]> =>
  Object.fromEntries(entries.map((entry) => [entry.manager, pathsOf(fromFieldsV1(entry.fieldsV1)).map(formatPath)]));

const itsFields = fromFieldsV1(ours.fieldsV1);
const isKubectl = entriesOf({ manager: 'kubectl', operation: 'Update' });
const isOurs = entriesOf({ manager: 'flotilla', operation: 'Apply' });

describe('taking fields out of a manager’s entry', () => {
  it('leaves the other entries and takes the shells that would be left', () => {
    const result = subtractFromManager(object(ours, kubectl, scaler), isKubectl, itsFields);
    expect(owners(result)).toEqual({
      flotilla: pathsOf(itsFields).map(formatPath),
      hpa: ['.spec.replicas'],
      kubectl: ['.spec.paused'],
    });
    expect(result[0]).toBe(ours);
    expect(result.find(entriesOf({ manager: 'hpa' }))).toBe(scaler);
  });

  it('changes nothing the second time', () => {
    const once = subtractFromManager(object(ours, kubectl, scaler), isKubectl, itsFields);
    const twice = subtractFromManager(object(...once), isKubectl, itsFields);
    expect(twice.every((entry, index) => entry === once[index])).toBe(true);
  });

  it('drops an entry that has nothing left', () => {
    expect(subtractFromManager(object(kubectl, scaler), entriesOf({ subresource: 'scale' }), itsFields)).toEqual([
      kubectl,
    ]);
  });

  it('leaves a list it cannot read', () => {
    const broken = object({ ...kubectl, fieldsType: undefined });
    expect(subtractFromManager(broken, isKubectl, itsFields)).toBe(broken.metadata.managedFields);
  });
});

describe('giving fields to others', () => {
  it('undoes the taking', () => {
    const taken = subtractFromManager(object(ours, kubectl), isKubectl, itsFields);
    const assignment = { entry: kubectl, fields: fromFieldsV1(kubectl.fieldsV1) };
    expect(giveFieldsTo(object(...taken), isOurs, [assignment])).toEqual([kubectl]);
  });

  it('gives only what there is to give, and the remainder to the rest', () => {
    const rest = { manager: 'before-first-apply', operation: 'Update', apiVersion: 'apps/v1' } as const;
    const fields = fieldSet(['spec', 'replicas'], ['spec', 'minReadySeconds']);
    const result = giveFieldsTo(object(ours), isOurs, [{ entry: kubectl, fields }], rest);
    expect(owners(result)).toEqual({
      'before-first-apply': ['.spec.env[name="A"]', '.spec.env[name="A"].name', '.spec.env[name="A"].value'],
      kubectl: ['.spec.replicas'],
    });
    expect(result.find(isKubectl)?.time).toBe(kubectl.time);
  });

  it('without a rest leaves the remainder to nobody', () => {
    expect(giveFieldsTo(object(ours, scaler), isOurs, [])).toEqual([scaler]);
    expect(giveFieldsTo(object(ours), isOurs, [])).toEqual([]);
  });
});

it('is stored by a patch that holds only for the object it was made from', () => {
  expect(managedFieldsPatch(object(ours), [ours])).toEqual([
    { op: 'test', path: '/metadata/resourceVersion', value: '7' },
    { op: 'replace', path: '/metadata/managedFields', value: [ours] },
  ]);
});

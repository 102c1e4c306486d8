/** What each of other projects' kinds means, case by case: the tables beside the scripts in data/interpreters. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { ResourceInterpreterCustomization } from '#apis/config/customization.ts';
import { interpreterOperations } from '#apis/config/operations.ts';
import type { AggregatedStatusItem } from '#apis/work/binding-spec.ts';
import type { JsonObject, JsonValue, UnstructuredObject } from '#kube/meta/object.ts';
import { parseYaml } from '#kube/yaml/yaml.ts';
import { systemDisk } from '#world/disk/system.ts';
import type { KindInterpreter } from '../interpreter.ts';
import { type Operation, thirdPartyKinds } from './kinds.ts';
import { thirdPartySource } from './source.ts';

const root = join(import.meta.dirname, '../../..');
const folder = join(root, 'data/interpreters');

/** Objects without what is the same in all: apiVersion, kind, name and namespace. */
interface Case {
  readonly operation: Operation;
  readonly about: string;
  readonly template?: JsonObject;
  readonly observed?: JsonObject;
  readonly replicas?: number;
  readonly items?: readonly AggregatedStatusItem[];
  /** Of an object the spec, and the status where it has one. */
  readonly expected: JsonValue;
}

const now = Date.UTC(2026, 0, 2, 3, 4, 5);
const source = thirdPartySource(systemDisk, root, { now: () => now });

const casesOf = (key: string): readonly Case[] => {
  const [group, version, kind] = key.split('/') as [string, string, string];
  return parseYaml(readFileSync(join(folder, group, version, 'testdata', `${kind}.yaml`), 'utf8')) as unknown as Case[];
};

function objectOf(key: string, { metadata, ...body }: JsonObject = {}): UnstructuredObject {
  const cut = key.lastIndexOf('/');
  const named = { name: 'sample', namespace: 'team', ...(metadata as JsonObject | undefined) };
  return { apiVersion: key.slice(0, cut), kind: key.slice(cut + 1), metadata: named, ...body } as UnstructuredObject;
}

const partsOf = ({ spec, status }: UnstructuredObject) => (status === undefined ? { spec } : { spec, status });

async function answer(key: string, each: Case): Promise<unknown> {
  const cut = key.lastIndexOf('/');
  const interpreter = source(key.slice(0, cut), key.slice(cut + 1)) as Required<KindInterpreter>;
  const [template, observed] = [objectOf(key, each.template), objectOf(key, each.observed)];
  switch (each.operation) {
    case 'reviseReplica':
      return partsOf(await interpreter.reviseReplica(template, each.replicas!));
    case 'retain':
      return partsOf(await interpreter.retain(template, observed));
    case 'aggregateStatus':
      return (await interpreter.aggregateStatus(template, each.items!)) ?? null;
    case 'reflectStatus':
    case 'interpretHealth':
      return interpreter[each.operation](observed);
    case 'getReplicas':
    case 'getComponents':
    case 'getDependencies':
      return interpreter[each.operation](template);
  }
}

const keys = Object.keys(thirdPartyKinds);

describe.each(keys)('%s', (key) => {
  const cases = casesOf(key);
  test.each(cases)('$operation: $about', async (each) => expect(await answer(key, each)).toEqual(each.expected));

  test.each(thirdPartyKinds[key]!)('%s has two cases or more', (operation) => {
    expect(cases.filter((each) => each.operation === operation).length).toBeGreaterThanOrEqual(2);
  });
});

test('the table has the kinds that there are scripts for', () => {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.yaml'));
  const scripts = files.filter((name) => !name.includes('testdata')).map((name) => name.slice(0, -'.yaml'.length));
  expect(scripts.toSorted()).toEqual(keys.toSorted());
});

test.each(keys)('the table has the operations that %s has, and the scripts are a customization of it', (key) => {
  const found = parseYaml(
    readFileSync(join(folder, `${key}.yaml`), 'utf8'),
  ) as unknown as ResourceInterpreterCustomization;
  const scripts = Object.keys(found.spec.customizations);
  const known = interpreterOperations.filter(({ customization }) => scripts.includes(customization));
  expect(known).toHaveLength(scripts.length);
  expect(known.map(({ call }) => call).toSorted()).toEqual(thirdPartyKinds[key]!.toSorted());
  const { apiVersion, kind } = found.spec.target;
  expect(`${apiVersion}/${kind}`).toBe(key);
});

test('kinds that are not in the table are not known', () => {
  expect(source('apps/v1', 'Deployment')).toBeUndefined();
  expect(source('constructor', 'prototype')).toBeUndefined();
});

test('missing scripts are named, and looked for again', async () => {
  let reads = 0;
  const readText = async () => {
    reads += 1;
    return undefined;
  };
  const health = thirdPartySource({ readText }, '/nowhere')('ray.io/v1', 'RayCluster')!.interpretHealth!;
  const missing = '/nowhere/data/interpreters/ray.io/v1/RayCluster.yaml is missing';
  await expect(health(objectOf('ray.io/v1/RayCluster'))).rejects.toThrow(missing);
  await expect(health(objectOf('ray.io/v1/RayCluster'))).rejects.toThrow(missing);
  expect(reads).toBe(2);
});

import { describe, expect, it } from 'vitest';
import type { KubeObject, UnstructuredObject } from '#kube/meta/object.ts';
import type { Affects } from '../changes.ts';
import { heldObjects } from '../informers.fixture.ts';
import { interpreterOf } from '../interpreter.ts';
import { customizationSource } from './source.ts';

const workload: UnstructuredObject = { apiVersion: 'example.io/v1', kind: 'Workload', metadata: { name: 'web' } };

const dependency = (name: string) => ({ apiVersion: 'v1', kind: 'Secret', namespace: 'default', name });
const dependsOn = (...names: readonly string[]) => {
  const list = names.map((name) => `{ apiVersion = "v1", kind = "Secret", namespace = "default", name = "${name}" }`);
  return { dependencyInterpretation: { luaScript: `function GetDependencies(o) return { ${list.join(', ')} } end` } };
};
const replicas = (count: number) => ({
  replicaResource: { luaScript: `function GetReplicas(o) return ${count} end` },
});
const healthy = { healthInterpretation: { luaScript: 'function InterpretHealth(o) return true end' } };

const customization = (name: string, customizations: object, kind = 'Workload'): KubeObject =>
  ({
    apiVersion: 'config.karmada.io/v1alpha1',
    kind: 'ResourceInterpreterCustomization',
    metadata: { name },
    spec: { target: { apiVersion: 'example.io/v1', kind }, customizations },
  }) as KubeObject;

function interpreterOver(initial: readonly KubeObject[]) {
  const held = heldObjects(initial);
  const heard: Affects[] = [];
  const source = customizationSource(held.informers, {}, (affects) => heard.push(affects));
  return { ...held, heard, source, interpreter: interpreterOf([source]) };
}

describe('several customizations of a kind', () => {
  it('are one, whatever order they come in', async () => {
    const { interpreter } = interpreterOver([customization('b', healthy), customization('a', replicas(1))]);
    expect(await interpreter.getReplicas(workload)).toEqual({ replicas: 1 });
    expect(await interpreter.interpretHealth(workload)).toBe('Healthy');
  });

  it('of one operation: the last by name counts', async () => {
    const all = [customization('c', replicas(3)), customization('a', replicas(1)), customization('b', replicas(2))];
    expect(await interpreterOver(all).interpreter.getReplicas(workload)).toEqual({ replicas: 3 });
  });

  it('with an empty script say nothing', async () => {
    const empty = { replicaResource: { luaScript: '' } };
    const all = [customization('a', replicas(1)), customization('b', empty)];
    expect(await interpreterOver(all).interpreter.getReplicas(workload)).toEqual({ replicas: 1 });
  });

  it('add up in what they depend on, each once and always in one order', async () => {
    const all = [
      customization('a', dependsOn('z', 'b')),
      customization('b', dependsOn('b', 'a')),
      customization('c', dependsOn('y')),
    ];
    expect(await interpreterOver(all).interpreter.getDependencies(workload)).toEqual(
      ['a', 'b', 'y', 'z'].map(dependency),
    );
  });

  it('do not concern other kinds', () => {
    const { source } = interpreterOver([customization('a', replicas(1)), customization('b', healthy, 'Other')]);
    expect(Object.keys(source('example.io/v1', 'Workload')!)).toEqual(['getReplicas']);
    expect(Object.keys(source('example.io/v1', 'Other')!)).toEqual(['interpretHealth']);
    expect(source('example.io/v2', 'Workload')).toBeUndefined();
  });
});

describe('a customization that changes', () => {
  it('means something else at once, and whoever rests on it hears of which kinds', async () => {
    const { interpreter, put, remove, heard } = interpreterOver([customization('a', replicas(1))]);
    expect(heard).toEqual([]);
    put(customization('a', replicas(2)));
    expect(await interpreter.getReplicas(workload)).toEqual({ replicas: 2 });
    put(customization('a', replicas(2), 'Other'));
    expect(interpreter.knows(workload, 'getReplicas')).toBe(false);
    remove('a');
    const kinds = ['Workload', 'Other', 'Third'];
    expect(heard.map((affects) => kinds.filter((kind) => affects('example.io/v1', kind)))).toEqual([
      ['Workload'],
      ['Workload', 'Other'],
      ['Other'],
    ]);
  });

  it('is no change where only its labels do, and what is compiled stays', () => {
    const { put, heard, source } = interpreterOver([customization('a', replicas(1))]);
    const before = source('example.io/v1', 'Workload')!.getReplicas;
    put({ ...customization('a', replicas(1)), metadata: { name: 'a', labels: { a: 'b' } } });
    expect(source('example.io/v1', 'Workload')!.getReplicas).toBe(before);
    put(customization('b', healthy));
    expect(source('example.io/v1', 'Workload')!.getReplicas).toBe(before);
    expect(heard).toHaveLength(1);
  });
});

import { describe, expect, it } from 'vitest';
import type { UnstructuredObject } from '#kube/meta/object.ts';
import { type InterpreterSource, interpreterOf, type KindInterpreter } from './interpreter.ts';

const object: UnstructuredObject = { apiVersion: 'v1', kind: 'Thing', metadata: { name: 'a' }, status: { a: 1 } };
const other: UnstructuredObject = { ...object, kind: 'Other' };

const source =
  (interpreter: KindInterpreter): InterpreterSource =>
  (_, kind) =>
    kind === 'Thing' ? interpreter : undefined;

describe('sources in their order', () => {
  const calls: string[] = [];
  const asked =
    <T>(who: string, answer: T) =>
    async () => {
      calls.push(who);
      return answer;
    };
  const interpreter = interpreterOf([
    source({ interpretHealth: asked('first', 'Unhealthy') }),
    source({ interpretHealth: asked('second', 'Healthy'), getReplicas: asked('second', { replicas: 2 }) }),
    source({ getReplicas: asked('third', { replicas: 3 }), getComponents: asked('third', []) }),
  ]);

  it('answer operation by operation, the first that knows it', async () => {
    expect(await interpreter.interpretHealth(object)).toBe('Unhealthy');
    expect(await interpreter.getReplicas(object)).toEqual({ replicas: 2 });
    expect(await interpreter.getComponents(object)).toEqual([]);
    expect(calls).toEqual(['first', 'second', 'third']);
  });

  it('know what any of them knows', () => {
    const known = (['interpretHealth', 'getReplicas', 'getComponents', 'retain'] as const).map((operation) => [
      interpreter.knows(object, operation),
      interpreter.knows(other, operation),
    ]);
    expect(known).toEqual([
      [true, false],
      [true, false],
      [true, false],
      [false, false],
    ]);
  });

  it('that fail are not passed over', async () => {
    const failing = interpreterOf([
      source({ getReplicas: async () => Promise.reject(new Error('broken')) }),
      source({ getReplicas: () => ({ replicas: 1 }) }),
    ]);
    await expect(failing.getReplicas(object)).rejects.toThrow('broken');
  });

  it('leave what nobody knows as it is', async () => {
    expect(await interpreter.retain(object, other)).toBe(object);
    expect(await interpreter.reviseReplica(object, 3)).toBe(object);
    expect(await interpreter.reflectStatus(other)).toEqual({ a: 1 });
    expect(await interpreter.interpretHealth(other)).toBe('Healthy');
    expect(await interpreter.aggregateStatus(other, [])).toBeUndefined();
    expect(await interpreter.getDependencies(other)).toEqual([]);
  });
});

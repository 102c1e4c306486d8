import { describe, expect, it } from 'vitest';
import { type Interpreter, interpreterOf, type KindInterpreter } from '#interpreter/interpreter.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import { demandOf } from './demand.ts';

const template: KubeObject = { apiVersion: 'flink.org/v1', kind: 'Job', metadata: { namespace: 'shop', name: 'a' } };
const binding: KubeObject = {
  apiVersion: 'work.karmada.io/v1alpha2',
  kind: 'ResourceBinding',
  metadata: { name: 'a-job' },
};
const components = [{ name: 'taskmanager', replicas: 3 }];
const off = {
  PropagationPolicyPreemption: false,
  MultiplePodTemplatesScheduling: false,
  WorkloadAffinity: false,
  PriorityBasedScheduling: false,
  ResourceQuotaEstimate: false,
};

async function asked(kind: KindInterpreter, gates: object = {}, isNews = true, object = template) {
  const interpreter: Interpreter = interpreterOf([() => kind]);
  const said: string[] = [];
  const event = ({ kind: of }: KubeObject, type: string, reason: string, message: string) => {
    said.push(`${of === 'Job' ? '' : `${of} `}${type} ${reason}: ${message}`);
  };
  const answer = demandOf(
    { interpreter, events: { event }, gates: { ...off, ...gates } },
    object,
    isNews ? undefined : binding,
  );
  return { demand: await answer.catch((error: Error) => error.message), said };
}

describe('what a template asks for', () => {
  const both: KindInterpreter = { getReplicas: () => ({ replicas: 2 }), getComponents: () => components };

  it('is replicas, until components are scheduled', async () => {
    expect(await asked(both)).toEqual({
      demand: { replicas: { replicas: 2 } },
      said: ['Normal GetReplicasSucceed: Get replicas of resource template successfully.'],
    });
    expect(await asked(both, { MultiplePodTemplatesScheduling: true })).toEqual({
      demand: { components },
      said: ['Normal GetComponentsSucceed: Get components of resource template successfully.'],
    });
    const { getComponents: _, ...replicasOnly } = both;
    expect((await asked(replicasOnly, { MultiplePodTemplatesScheduling: true })).demand).toEqual({
      replicas: { replicas: 2 },
    });
  });

  it('is nothing of what is no workload, and is told as news once', async () => {
    expect(await asked({})).toEqual({ demand: { replicas: undefined }, said: [] });
    expect((await asked(both, {}, false)).said).toEqual([]);
  });

  it('counts in its own namespace where quotas are estimated', async () => {
    const requirements = { resourceRequest: { cpu: '1' } };
    const needy = { getReplicas: () => ({ replicas: 2, requirements }) };
    expect((await asked(needy)).demand).toEqual({ replicas: { replicas: 2, requirements } });
    expect((await asked(needy, { ResourceQuotaEstimate: true })).demand).toEqual({
      replicas: { replicas: 2, requirements: { ...requirements, namespace: 'shop' } },
    });
  });

  it.each<[string, object]>([
    ['Job', { template: { spec: { priorityClassName: 'high' } } }],
    ['Pod', { priorityClassName: 'high' }],
  ])('counts with the priority of its Pods, too: %s', async (kind, spec) => {
    const requirements = { resourceRequest: { cpu: '1' } };
    const needy = { getReplicas: () => ({ replicas: 2, requirements }) };
    const object = { ...template, kind, spec } as KubeObject;
    expect((await asked(needy, {}, true, object)).demand).toEqual({ replicas: { replicas: 2, requirements } });
    expect((await asked(needy, { ResourceQuotaEstimate: true }, true, object)).demand).toEqual({
      replicas: { replicas: 2, requirements: { ...requirements, namespace: 'shop', priorityClassName: 'high' } },
    });
  });

  it('is asked again when nobody could tell, and that is said each time, of the binding too', async () => {
    const broken = async () => Promise.reject(new Error('script too long'));
    expect(await asked({ getReplicas: broken }, {}, false)).toEqual({
      demand: 'script too long',
      said: [
        'Warning GetReplicasFailed: script too long',
        'ResourceBinding Warning GetReplicasFailed: script too long',
      ],
    });
    expect(await asked({ getComponents: broken }, { MultiplePodTemplatesScheduling: true }, false)).toEqual({
      demand: 'script too long',
      said: [
        'Warning GetComponentsFailed: script too long',
        'ResourceBinding Warning GetComponentsFailed: script too long',
      ],
    });
  });
});

/** A kind of another project, understood without anybody telling: OpenKruise's CloneSet, from its definition to its status. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { CustomResourceDefinitions } from '#apis/kubernetes/types.ts';
import type { ApiClient } from '#client/api-client.ts';
import { type Flow, startFlow } from '#harness/flow.ts';
import { type Anything, type Kubectl, kubectl } from '#harness/kubectl.ts';
import { bindingOf, policyFor } from '#harness/samples.ts';

const group = 'apps.kruise.io';
const refs = [{ group, version: 'v1alpha1', kind: 'CloneSet', resource: 'clonesets', namespaced: true }];

const definition: Anything = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: `clonesets.${group}` },
  spec: {
    group,
    scope: 'Namespaced',
    names: { plural: 'clonesets', singular: 'cloneset', kind: 'CloneSet', listKind: 'CloneSetList' },
    versions: [
      {
        name: 'v1alpha1',
        served: true,
        storage: true,
        schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
        subresources: { status: {} },
      },
    ],
  },
};

const settings: Anything = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { namespace: 'default', name: 'settings' },
  data: { colour: 'blue' },
};

const container = { name: 'web', image: 'web:1', resources: { requests: { cpu: '100m' } }, lifecycle: {} };

const web: Anything = {
  apiVersion: `${group}/v1alpha1`,
  kind: 'CloneSet',
  metadata: { namespace: 'default', name: 'web' },
  spec: {
    replicas: 6,
    template: {
      metadata: { labels: { app: 'web' } },
      spec: {
        affinity: {},
        volumes: [{ name: 'settings', configMap: { name: 'settings' } }],
        containers: [{ ...container, env: [] }],
      },
    },
  },
};

const weighted = {
  propagateDeps: true,
  placement: {
    clusterAffinity: { clusterNames: ['member1', 'member2'] },
    replicaScheduling: {
      replicaSchedulingType: 'Divided',
      replicaDivisionPreference: 'Weighted',
      weightPreference: {
        staticWeightList: [
          { targetCluster: { clusterNames: ['member1'] }, weight: 2 },
          { targetCluster: { clusterNames: ['member2'] }, weight: 1 },
        ],
      },
    },
  },
};

let flow: Flow;
let control: Kubectl;
let members: Readonly<Record<'member1' | 'member2', Kubectl>>;

beforeAll(async () => {
  flow = await startFlow();
  const define = (client: ApiClient) => client.resource(CustomResourceDefinitions).create(definition);
  for (const client of [flow.control, flow.member('member1'), flow.member('member2')]) await flow.drive(define(client));
  control = kubectl(flow.control, refs);
  members = { member1: kubectl(flow.member('member1'), refs), member2: kubectl(flow.member('member2'), refs) };
});
afterAll(() => flow.stop());

it('a CloneSet is divided, brings what it needs, and tells how it is', async () => {
  await control.create(settings);
  await control.create(web);
  await control.create(policyFor('web', [web], weighted));
  const parts = { member1: 4, member2: 2 } as const;
  for (const name of ['member1', 'member2'] as const) {
    const live = await flow.until(`${name} has its part`, () => members[name].find(web));
    expect(live.spec).toEqual({ ...web.spec, replicas: parts[name] });
    await flow.until(`${name} has what the Pods read`, () => members[name].find(settings));
    const told = { replicas: parts[name], updatedReplicas: parts[name], availableReplicas: parts[name] };
    await members[name].say(web, { ...told, observedGeneration: live.metadata.generation, conditions: [] });
  }
  const binding = await control.get(bindingOf(web));
  expect(binding.spec.replicaRequirements).toMatchObject({ resourceRequest: { cpu: '100m' } });

  const { status } = await flow.until('the template counts both', async () => {
    const template = await control.get(web);
    return template.status?.availableReplicas === 6 && template;
  });
  expect(status).toMatchObject({ replicas: 6, updatedReplicas: 6, readyReplicas: 0, updateRevision: '' });
  const { status: of } = await control.get(bindingOf(web));
  expect(of.aggregatedStatus.map((item: Anything) => item.health)).toEqual(['Healthy', 'Healthy']);
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keyFor } from '#kube/meta/key.ts';
import type { UnstructuredObject } from '#kube/meta/object.ts';
import type { Dependency } from '../interpreter.ts';
import { object } from '../native/object.fixture.ts';
import { closureOf, mostMembers } from './closure.ts';
import { closureViewOf } from './view.ts';

const podSpec = { serviceAccountName: 'robot', containers: [{ name: 'c' }] };
const podTemplate = { metadata: { labels: { app: 'web', tier: 'front' } }, spec: podSpec };
const web = object('apps/v1/Deployment', { spec: { template: podTemplate } });
const account: Dependency = { apiVersion: 'v1', kind: 'ServiceAccount', namespace: 'default', name: 'robot' };

const rbac = 'rbac.authorization.k8s.io/v1';
const clusterWide = { namespace: undefined };
const subjects = [{ kind: 'ServiceAccount', name: 'robot', namespace: 'default' }];
const robot = object('v1/ServiceAccount', { imagePullSecrets: [{ name: 'pull' }] }, { name: 'robot' });

/** Each member in a line, with why. */
function told(
  template: UnstructuredObject,
  objects: readonly UnstructuredObject[],
  needs: readonly Dependency[] = [account],
) {
  const { members } = closureOf(template, needs, closureViewOf(objects));
  return members.map(({ kind, namespace, name, because }) => `${kind} ${keyFor(namespace, name)} ${because}`);
}

const named = (type: string, name: string, body: object = {}, metadata: object = {}) =>
  object(type, body, { name, ...metadata });

/** More of each kind that chooses than are looked at one by one; none of them has to do with the others. */
const crowd = Array.from({ length: 20 }, (_, i) => `far-${i}`).flatMap((name) => {
  const selector = { matchLabels: { app: name } };
  return [
    named('v1/Service', name, { spec: { selector: selector.matchLabels } }),
    named('networking.k8s.io/v1/Ingress', name, { spec: { defaultBackend: { service: { name } } } }),
    named('networking.k8s.io/v1/NetworkPolicy', name, { spec: { podSelector: selector } }),
    named('policy/v1/PodDisruptionBudget', name, { spec: { selector } }),
    named('autoscaling/v2/HorizontalPodAutoscaler', name, {
      spec: { scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name } },
    }),
    named('gateway.networking.k8s.io/v1/HTTPRoute', name, { spec: { rules: [{ backendRefs: [{ name }] }] } }),
  ];
});

describe('what belongs to a Deployment', () => {
  const front = { matchLabels: { tier: 'front' } };
  it.each<[string, readonly UnstructuredObject[], readonly string[]]>([
    [
      'Services that select its Pods',
      [
        named('v1/Service', 'web', { spec: { selector: { app: 'web' } } }),
        named('v1/Service', 'other', { spec: { selector: { app: 'web', tier: 'back' } } }),
        named('v1/Service', 'none', { spec: {} }),
        named('v1/Service', 'elsewhere', { spec: { selector: { app: 'web' } } }, { namespace: 'b' }),
      ],
      ['Service default/web selects Pods of Deployment default/web'],
    ],
    [
      'Ingresses and routes to those, with their certificates',
      [
        named('v1/Service', 'web', { spec: { selector: { app: 'web' } } }),
        named('networking.k8s.io/v1/Ingress', 'a', {
          spec: {
            rules: [{ http: { paths: [{ backend: { service: { name: 'web' } } }] } }, {}],
            tls: [{ secretName: 'cert' }, {}, { secretName: 'missing' }],
          },
        }),
        named('networking.k8s.io/v1/Ingress', 'b', { spec: { defaultBackend: { service: { name: 'other' } } } }),
        named('v1/Secret', 'cert', { type: 'kubernetes.io/tls' }),
        named('v1/Secret', 'unrelated'),
        named('gateway.networking.k8s.io/v1/HTTPRoute', 'r', { spec: { rules: [{ backendRefs: [{ name: 'web' }] }] } }),
        named('gateway.networking.k8s.io/v1/HTTPRoute', 'far', {
          spec: { rules: [{ backendRefs: [{ name: 'web', namespace: 'b' }] }] },
        }),
      ],
      [
        'HTTPRoute default/r sends requests to Service default/web',
        'Ingress default/a sends requests to Service default/web',
        'Secret default/cert holds a certificate of Ingress default/a',
        'Service default/web selects Pods of Deployment default/web',
      ],
    ],
    [
      'what scales it',
      [
        named('autoscaling/v2/HorizontalPodAutoscaler', 'it', {
          spec: { scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' } },
        }),
        named('autoscaling/v2/HorizontalPodAutoscaler', 'its-set', {
          spec: { scaleTargetRef: { apiVersion: 'apps/v1', kind: 'StatefulSet', name: 'web' } },
        }),
      ],
      ['HorizontalPodAutoscaler default/it scales Deployment default/web'],
    ],
    [
      'budgets and network policies that select its Pods',
      [
        named('policy/v1/PodDisruptionBudget', 'front', { spec: { selector: front } }),
        named('policy/v1/PodDisruptionBudget', 'none', { spec: {} }),
        named('policy/v1/PodDisruptionBudget', 'wrong', {
          spec: { selector: { matchExpressions: [{ key: 'a', operator: 'Maybe' }] } },
        }),
        named('networking.k8s.io/v1/NetworkPolicy', 'all', { spec: { podSelector: {} } }),
        named('networking.k8s.io/v1/NetworkPolicy', 'back', {
          spec: { podSelector: { matchLabels: { tier: 'back' } } },
        }),
      ],
      [
        'NetworkPolicy default/all selects Pods of Deployment default/web',
        'PodDisruptionBudget default/front selects Pods of Deployment default/web',
      ],
    ],
    [
      'its account, with what that may do and pulls images with',
      [
        robot,
        named('v1/Secret', 'pull'),
        named(`${rbac}/RoleBinding`, 'own', {
          subjects: [{ kind: 'ServiceAccount', name: 'robot' }],
          roleRef: { kind: 'Role', name: 'r' },
        }),
        named(`${rbac}/Role`, 'r'),
        named(
          `${rbac}/RoleBinding`,
          'there',
          { subjects, roleRef: { kind: 'ClusterRole', name: 'view' } },
          { namespace: 'b' },
        ),
        named(
          `${rbac}/ClusterRoleBinding`,
          'wide',
          { subjects, roleRef: { kind: 'ClusterRole', name: 'cr' } },
          clusterWide,
        ),
        named(`${rbac}/ClusterRole`, 'cr', {}, clusterWide),
        named(
          `${rbac}/ClusterRole`,
          'view',
          {},
          { ...clusterWide, labels: { 'kubernetes.io/bootstrapping': 'rbac-defaults' } },
        ),
        named(
          `${rbac}/ClusterRoleBinding`,
          'groups',
          {
            subjects: [{ kind: 'Group', name: 'system:serviceaccounts' }],
            roleRef: { kind: 'ClusterRole', name: 'cr' },
          },
          clusterWide,
        ),
      ],
      [
        'ClusterRole cr is given by ClusterRoleBinding wide',
        'ClusterRoleBinding wide names ServiceAccount default/robot',
        'Role default/r is given by RoleBinding default/own',
        'RoleBinding b/there names ServiceAccount default/robot',
        'RoleBinding default/own names ServiceAccount default/robot',
        'Secret default/pull pulls images for ServiceAccount default/robot',
        'ServiceAccount default/robot is the account of Pods of Deployment default/web',
      ],
    ],
    ['nothing that is going', [{ ...robot, metadata: { ...robot.metadata, deletionTimestamp: 'now' } }], []],
  ])('%s', (_what, objects, expected) => {
    expect(told(web, objects)).toEqual(expected);
    // Where there are many, few of them are looked at.
    expect(told(web, [...crowd, ...objects])).toEqual(expected);
  });

  it('what its Pods read and mount, but nothing that each cluster makes for itself', () => {
    const need = (kind: string, name: string): Dependency => ({ apiVersion: 'v1', kind, namespace: 'default', name });
    const objects = [
      named('v1/ConfigMap', 'settings'),
      named('v1/ConfigMap', 'kube-root-ca.crt'),
      named('v1/Secret', 'token', { type: 'kubernetes.io/service-account-token' }),
      named('v1/PersistentVolumeClaim', 'data'),
    ];
    const needs = [...objects.map(({ kind, metadata }) => need(kind, metadata.name!)), need('ConfigMap', 'missing')];
    expect(told(web, objects, needs)).toEqual([
      'ConfigMap default/settings is used by Pods of Deployment default/web',
      'PersistentVolumeClaim default/data is mounted by Pods of Deployment default/web',
    ]);
  });
});

describe('what belongs to other kinds', () => {
  const service = named('v1/Service', 'web', { spec: { selector: { app: 'web' } } });
  const headless = named('v1/Service', 'names', { spec: { selector: { other: 'x' } } });
  const bare = { metadata: podTemplate.metadata, spec: { containers: [{ name: 'c' }] } };
  it.each<[string, UnstructuredObject, readonly string[]]>([
    [
      'a Pod',
      object('v1/Pod', { spec: podSpec }, { labels: { app: 'web' } }),
      ['Service default/web selects Pods of Pod default/web'],
    ],
    [
      'a StatefulSet',
      object('apps/v1/StatefulSet', { spec: { template: bare, serviceName: 'names' } }),
      [
        'Service default/names gives Pods of StatefulSet default/web their names',
        'Service default/web selects Pods of StatefulSet default/web',
      ],
    ],
    [
      'a CronJob',
      object('batch/v1/CronJob', { spec: { jobTemplate: { spec: { template: bare } } } }),
      ['Service default/web selects Pods of CronJob default/web'],
    ],
    [
      'a custom resource that describes Pods as others do',
      object('apps.example.org/v1/Rollout', { spec: { template: bare } }),
      [
        'CustomResourceDefinition rollouts.apps.example.org defines the kind of Rollout default/web',
        'Service default/web selects Pods of Rollout default/web',
      ],
    ],
    ['a ConfigMap', object('v1/ConfigMap', { spec: { template: {} } }), []],
  ])('%s', (_what, template, expected) => {
    const definition = named(
      'apiextensions.k8s.io/v1/CustomResourceDefinition',
      'rollouts.apps.example.org',
      { spec: { group: 'apps.example.org', names: { kind: 'Rollout' } } },
      clusterWide,
    );
    expect(told(template, [service, headless, definition], [])).toEqual(expected);
  });

  it('a template that runs as the default account: what that may do, not the account', () => {
    const grant = named(`${rbac}/RoleBinding`, 'g', {
      subjects: [{ kind: 'ServiceAccount', name: 'default' }],
      roleRef: { kind: 'Role', name: 'r' },
    });
    const objects = [grant, named(`${rbac}/Role`, 'r'), named('v1/ServiceAccount', 'default')];
    expect(told(object('apps/v1/Deployment', { spec: { template: bare } }), objects, [])).toEqual([
      'Role default/r is given by RoleBinding default/g',
      'RoleBinding default/g names ServiceAccount default/default',
    ]);
  });

  it('a Service: what sends requests to it', () => {
    const ingress = named('networking.k8s.io/v1/Ingress', 'i', {
      spec: { defaultBackend: { service: { name: 'web' } } },
    });
    expect(told(service, [service, ingress], [])).toEqual(['Ingress default/i sends requests to Service default/web']);
  });

  it('objects that a selector of an interpreter chooses', () => {
    const need = {
      apiVersion: 'v1',
      kind: 'Secret',
      namespace: 'default',
      labelSelector: { matchLabels: { of: 'web' } },
    };
    const objects = [named('v1/Secret', 'a', {}, { labels: { of: 'web' } }), named('v1/Secret', 'b')];
    const thing = object('example.org/v1/Thing');
    expect(told(thing, objects, [need])).toEqual(['Secret default/a is used by Thing default/web']);
  });
});

describe('a closure', () => {
  it('ends, and says where', () => {
    const many = Array.from({ length: mostMembers + 1 }, (_, i) =>
      named('v1/Service', `s${i}`, { spec: { selector: { app: 'web' } } }),
    );
    const { members, cutShort } = closureOf(web, [], closureViewOf(many));
    expect(members).toHaveLength(mostMembers);
    expect(cutShort).toBe('more than 500 objects belong to it');
    expect(closureOf(web, [], closureViewOf(many.slice(1))).cutShort).toBeUndefined();
  });

  it('is the same in whatever order a cache lists its objects', () => {
    const objects = [
      ...['a', 'b', 'c'].flatMap((name) => [
        named('v1/Service', name, { spec: { selector: { app: 'web' } } }),
        named('networking.k8s.io/v1/Ingress', name, {
          spec: {
            defaultBackend: { service: { name } },
            rules: [{ http: { paths: [{ backend: { service: { name: 'a' } } }] } }],
          },
        }),
      ]),
      robot,
      named(`${rbac}/RoleBinding`, 'x', { subjects, roleRef: { kind: 'Role', name: 'r' } }),
      named(`${rbac}/RoleBinding`, 'y', { subjects, roleRef: { kind: 'Role', name: 'r' } }),
      named(`${rbac}/Role`, 'r'),
    ];
    const expected = told(web, objects);
    fc.assert(
      fc.property(fc.shuffledSubarray(objects, { minLength: objects.length }), (shuffled) => {
        expect(told(web, shuffled)).toEqual(expected);
      }),
      { numRuns: 20 },
    );
  });
});

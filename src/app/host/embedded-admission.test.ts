import { describe, expect, it } from 'vitest';
import type { AdmissionOperation, AdmissionRequest } from '#kube/admission/review.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import type { AdmissionPass } from '#server/admission/step.ts';
import { embeddedAdmission } from './embedded-admission.ts';

interface Asked {
  readonly resource: string;
  readonly group?: string;
  readonly name: string;
  readonly namespace?: string;
  readonly operation: AdmissionOperation;
  readonly object?: KubeObject;
  readonly oldObject?: KubeObject;
}

const object = (kind: string, name: string, spec: object, owner?: { readonly kind: string; readonly name: string }) =>
  ({
    apiVersion: 'apps/v1',
    kind,
    metadata: {
      name,
      namespace: 'karmada-system',
      ...(owner ? { ownerReferences: [{ apiVersion: 'apps/v1', uid: 'u', controller: true, ...owner }] } : {}),
    },
    spec,
  }) as KubeObject;

function ask({ group = 'apps', namespace = 'karmada-system', ...asked }: Asked): string {
  const { resource, name, operation } = asked;
  const target = { group, version: 'v1', resource, subresource: '', namespaced: true, operation };
  if (!embeddedAdmission.handles(target)) return 'allowed';
  const request: AdmissionRequest = {
    uid: 'u',
    kind: { group, version: 'v1', kind: '' },
    path: { group, version: 'v1', resource, namespace, name },
    operation,
    user: { name: 'admin', groups: [] },
    dryRun: false,
    ...(asked.object ? { object: asked.object } : {}),
    ...(asked.oldObject ? { oldObject: asked.oldObject } : {}),
  };
  try {
    void embeddedAdmission.review(request, {} as AdmissionPass);
    return 'allowed';
  } catch (error) {
    return (error as Error).message;
  }
}

describe('parts of the process itself', () => {
  const change = (resource: string, kind: string, name: string) =>
    ask({
      resource,
      name,
      operation: 'UPDATE',
      oldObject: object(kind, name, { replicas: 1 }),
      object: object(kind, name, { replicas: 2 }),
    });

  it('refuse changes and say what to do instead', () => {
    expect(change('deployments', 'Deployment', 'karmada-apiserver')).toBe(
      'deployments.apps "karmada-apiserver" is forbidden: karmada-apiserver is the API server inside the process of ' +
        '"flotilla up" and cannot be changed here: its port is set with "flotilla up --port PORT", and "flotilla down" stops it',
    );
    expect(change('statefulsets', 'StatefulSet', 'etcd')).toContain('flotilla up --data-dir DIRECTORY');
    expect(change('deployments', 'Deployment', 'karmada-scheduler')).toBe('allowed');
  });

  it('may be labelled, and their controllers may take notes', () => {
    const old = object('Deployment', 'karmada-apiserver', { replicas: 1 });
    const noted = { ...old, metadata: { ...old.metadata, annotations: { 'deployment.kubernetes.io/revision': '1' } } };
    const name = 'karmada-apiserver';
    expect(ask({ resource: 'deployments', name, operation: 'UPDATE', oldObject: old, object: noted })).toBe('allowed');
  });

  it('are not deleted, nor what they are made of', () => {
    const remove = (resource: string, group: string, old: KubeObject) =>
      ask({ resource, group, name: old.metadata.name!, operation: 'DELETE', oldObject: old });
    const deployment = { kind: 'Deployment', name: 'karmada-apiserver' };
    const replicaSet = { kind: 'ReplicaSet', name: 'karmada-apiserver-5d4f8' };
    expect(remove('deployments', 'apps', object('Deployment', 'karmada-apiserver', {}))).toContain('forbidden');
    expect(remove('replicasets', 'apps', object('ReplicaSet', replicaSet.name, {}, deployment))).toContain('forbidden');
    expect(remove('pods', '', object('Pod', 'p', {}, replicaSet))).toContain('pods "p" is forbidden');
    expect(remove('pods', '', object('Pod', 'etcd-0', {}, { kind: 'StatefulSet', name: 'etcd' }))).toContain(
      'forbidden',
    );
    expect(remove('pods', '', object('Pod', 'p', {}))).toBe('allowed');
    expect(remove('pods', '', object('Pod', 'p', {}, { kind: 'ReplicaSet', name: 'karmada-scheduler-5d4f8' }))).toBe(
      'allowed',
    );
  });

  it('keep their namespace', () => {
    const namespace = (name: string) =>
      ask({ resource: 'namespaces', group: '', name, namespace: name, operation: 'DELETE' });
    expect(namespace('karmada-system')).toContain('"flotilla down" stops the control plane');
    expect(namespace('default')).toBe('allowed');
  });

  it('are known by name in their namespace only', () => {
    const old = object('Deployment', 'karmada-apiserver', { replicas: 1 });
    const name = 'karmada-apiserver';
    expect(ask({ resource: 'deployments', name, namespace: 'default', operation: 'DELETE', oldObject: old })).toBe(
      'allowed',
    );
  });
});

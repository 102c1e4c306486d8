import { describe, expect, it } from 'vitest';
import type { KubeObject } from '#kube/meta/object.ts';
import { behaviourOf } from './testdata/cases.ts';

const fieldsOfObject = (apiVersion: string, kind: string, content: object): unknown => {
  const object = { apiVersion, kind, metadata: { name: 'a' }, ...content } as unknown as KubeObject;
  return behaviourOf(object).selectableFields!(object);
};

describe('fields that can be selected by', () => {
  it('are all there for a Pod that says nothing', () => {
    expect(fieldsOfObject('v1', 'Pod', {})).toEqual({
      'spec.nodeName': '',
      'spec.restartPolicy': '',
      'spec.schedulerName': '',
      'spec.serviceAccountName': '',
      'spec.hostNetwork': 'false',
      'status.phase': '',
      'status.podIP': '',
      'status.podIPs': '',
      'status.nominatedNodeName': '',
    });
  });

  it('are the text of what a Pod says', () => {
    const spec = { nodeName: 'n1', restartPolicy: 'Always', hostNetwork: true };
    const status = { phase: 'Running', podIP: '10.0.0.1', podIPs: [{ ip: '10.0.0.1' }] };
    expect(fieldsOfObject('v1', 'Pod', { spec, status })).toMatchObject({
      'spec.nodeName': 'n1',
      'spec.restartPolicy': 'Always',
      'spec.hostNetwork': 'true',
      'status.phase': 'Running',
      'status.podIP': '10.0.0.1',
    });
  });

  it('are the same for both kinds of Event', () => {
    const about = { kind: 'Pod', name: 'p', namespace: 'default' };
    const old = fieldsOfObject('v1', 'Event', {
      involvedObject: about,
      source: { component: 'kubelet' },
      type: 'Normal',
    });
    const young = fieldsOfObject('events.k8s.io/v1', 'Event', {
      regarding: about,
      deprecatedSource: { component: 'kubelet' },
      type: 'Normal',
    });
    expect(old).toMatchObject({ 'involvedObject.name': 'p', source: 'kubelet', type: 'Normal', reason: '' });
    expect(young).toMatchObject({ 'regarding.name': 'p', reportingController: '', type: 'Normal', reason: '' });
  });

  it('count replicas as numbers are written', () => {
    expect(fieldsOfObject('v1', 'ReplicationController', {})).toEqual({ 'status.replicas': '0' });
    expect(fieldsOfObject('batch/v1', 'Job', { status: { succeeded: 3 } })).toEqual({ 'status.successful': '3' });
  });

  it('are none for other kinds', () => {
    const deployment = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: {} } as unknown as KubeObject;
    expect(behaviourOf(deployment).selectableFields).toBeUndefined();
  });
});

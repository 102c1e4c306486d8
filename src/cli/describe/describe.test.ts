import { describe, expect, it } from 'vitest';
import { describeEvents } from './events.ts';
import { describeGeneric, inWords } from './generic.ts';
import { fullTime } from './metadata.ts';
import { Page } from './page.ts';

describe('descriptions', () => {
  it.each([
    ['clusterNames', 'Cluster Names'],
    ['apiVersion', 'API Version'],
    ['uid', 'UID'],
    ['externalURL', 'External URL'],
    ['ephemeral-storage', 'Ephemeral - Storage'],
    ['app.kubernetes.io/name', 'app.kubernetes.io/name'],
    ['IPs', 'I Ps'],
    ['podIP', 'Pod IP'],
  ])('says %s in words', (key, words) => expect(inWords(key)).toBe(words));

  it('writes times out', () => {
    expect(fullTime('2026-11-22T18:49:08Z')).toBe('Sun, 22 Nov 2026 18:49:08 +0000');
    expect(fullTime(undefined)).toBe('<none>');
  });

  // As the reference's control plane was described by kubectl.
  it('shows any object field by field', () => {
    const page = new Page();
    describeGeneric(page, {
      apiVersion: 'policy.karmada.io/v1alpha1',
      kind: 'PropagationPolicy',
      metadata: {
        name: 'migrate-pp',
        namespace: 'default',
        labels: { 'propagationpolicy.karmada.io/permanent-id': 'a764cd65' },
        creationTimestamp: '2026-11-22T18:49:27Z',
        finalizers: ['karmada.io/propagation-policy-controller'],
        generation: 1,
        managedFields: [{ manager: 'kubectl' }],
      },
      spec: {
        conflictResolution: 'Overwrite',
        placement: { clusterAffinity: { clusterNames: ['member1'] } },
        priority: 0,
        resourceSelectors: [
          { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'default' },
          { apiVersion: 'v1', kind: 'Service', namespace: 'default' },
        ],
        schedulerName: 'default-scheduler',
      },
    } as Parameters<typeof describeGeneric>[1]);
    describeEvents(page, [], 0);
    expect(page.text()).toBe(`Name:         migrate-pp
Namespace:    default
Labels:       propagationpolicy.karmada.io/permanent-id=a764cd65
Annotations:  <none>
API Version:  policy.karmada.io/v1alpha1
Kind:         PropagationPolicy
Metadata:
  Creation Timestamp:  2026-11-22T18:49:27Z
  Finalizers:
    karmada.io/propagation-policy-controller
  Generation:  1
Spec:
  Conflict Resolution:  Overwrite
  Placement:
    Cluster Affinity:
      Cluster Names:
        member1
  Priority:  0
  Resource Selectors:
    API Version:   apps/v1
    Kind:          Deployment
    Namespace:     default
    API Version:   v1
    Kind:          Service
    Namespace:     default
  Scheduler Name:  default-scheduler
Events:            <none>
`);
  });

  it('lists events with their ages', () => {
    const page = new Page();
    const at = (seconds: number) => new Date(1_000_000_000 - seconds * 1000).toISOString();
    const event = { apiVersion: 'v1', kind: 'Event', metadata: {}, involvedObject: {}, type: 'Normal' };
    describeEvents(
      page,
      [
        { ...event, reason: 'Once', message: 'a ', source: { component: 'x' }, firstTimestamp: at(18) },
        {
          ...event,
          reason: 'Often',
          message: 'b',
          reportingComponent: 'y',
          count: 2,
          firstTimestamp: at(60),
          lastTimestamp: at(17),
        },
        { ...event, reason: 'Series', message: 'c', eventTime: at(300), series: { count: 9, lastObservedTime: at(5) } },
      ],
      1_000_000_000,
    );
    expect(page.text()).toBe(`Events:
  Type    Reason  Age                From  Message
  ----    ------  ----               ----  -------
  Normal  Once    18s                x     a
  Normal  Often   17s (x2 over 60s)  y     b
  Normal  Series  5s (x9 over 5m)          c
`);
  });
});

import { expect, it } from 'vitest';
import { failureToMake, podTrouble } from './pods.ts';

type Pods = Parameters<typeof podTrouble>[0];
const pod = (name: string, status: object) => ({ metadata: { name }, status }) as unknown as Pods[number];

it.each([
  [
    'no room',
    {
      phase: 'Pending',
      conditions: [
        {
          type: 'PodScheduled',
          status: 'False',
          reason: 'Unschedulable',
          message: '0/3 nodes are available: 3 Insufficient cpu.',
        },
      ],
    },
    'Unschedulable: 0/3 nodes are available: 3 Insufficient cpu',
  ],
  [
    'an image that is not there',
    {
      phase: 'Pending',
      containerStatuses: [
        {
          name: 'main',
          ready: false,
          state: { waiting: { reason: 'ImagePullBackOff', message: 'Back-off pulling image "x"' } },
        },
      ],
    },
    'ImagePullBackOff: Back-off pulling image "x"',
  ],
  [
    'a program that dies',
    {
      phase: 'Running',
      containerStatuses: [
        {
          name: 'main',
          ready: false,
          state: { waiting: { reason: 'CrashLoopBackOff', message: 'back-off 5m' } },
          lastState: { terminated: { exitCode: 137 } },
        },
      ],
    },
    'CrashLoopBackOff: back-off 5m (exit code 137)',
  ],
  [
    'an eviction',
    { phase: 'Failed', reason: 'Evicted', message: 'The node was low on resource: memory.' },
    'Evicted: The node was low on resource: memory',
  ],
  [
    'a probe that fails',
    {
      phase: 'Running',
      conditions: [
        {
          type: 'Ready',
          status: 'False',
          reason: 'ContainersNotReady',
          message: 'containers with unready status: [main]',
        },
      ],
    },
    'ContainersNotReady: containers with unready status: [main]',
  ],
  [
    'a start',
    { phase: 'Pending', containerStatuses: [{ state: { waiting: { reason: 'ContainerCreating' } } }] },
    undefined,
  ],
])('tells of %s', (_what, status, reason) => {
  expect(podTrouble([pod('b', status), pod('a', { phase: 'Running' })])).toEqual(
    reason === undefined ? undefined : { pod: 'b', reason },
  );
});

it('tells why no Pod could be made', () => {
  const conditions = [
    {
      type: 'ReplicaFailure',
      status: 'True',
      reason: 'FailedCreate',
      message: 'pods "web-1" is forbidden: exceeded quota: small',
    },
  ];
  expect(failureToMake({ status: { conditions } })).toBe(
    'FailedCreate: pods "web-1" is forbidden: exceeded quota: small',
  );
  expect(failureToMake({})).toBeUndefined();
});

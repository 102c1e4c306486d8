import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Job, Jobs, type Pod, Pods } from '#apis/kubernetes/types.ts';
import { isReason } from '#kube/status/status.ts';
import { startTestCluster, type TestCluster } from '../workloads.cases.ts';
import { bothOf, countShared, hasIndex, nextWithout, readIndexes, withIndexes, writeIndexes } from './plan/indexes.ts';

const key = { namespace: 'default', name: 'work' };

const jobOf = (spec: Partial<Job['spec']> = {}): Job => ({
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: key,
  spec: { template: { spec: { restartPolicy: 'Never', containers: [{ name: 'main', image: 'busybox' }] } }, ...spec },
});

async function started(spec: Partial<Job['spec']> = {}) {
  const cluster = await startTestCluster({ names: ['job', 'gc'] });
  await cluster.client.resource(Jobs).create(jobOf(spec));
  await cluster.settle();
  return cluster;
}

const current = ({ client }: TestCluster) => client.resource(Jobs).get(key);
const conditionsOf = async (cluster: TestCluster) =>
  ((await current(cluster)).status?.conditions ?? []).map(({ type, status, reason }) => `${type} ${status} ${reason}`);
const running = async (cluster: TestCluster) =>
  (await cluster.pods()).filter(({ status }) => status?.phase === 'Running');
const said = ({ events }: TestCluster) => events.map(({ text }) => text);

describe('a Job', () => {
  it('runs a Pod to its end, counts it and is complete', async () => {
    const cluster = await started();
    const [pod] = await cluster.pods();
    expect(pod!.metadata).toMatchObject({
      generateName: 'work-',
      labels: { 'job-name': 'work', 'batch.kubernetes.io/job-name': 'work' },
      finalizers: ['batch.kubernetes.io/job-tracking'],
      ownerReferences: [{ kind: 'Job', name: 'work', controller: true }],
    });
    expect((await current(cluster)).status).toEqual({
      active: 1,
      ready: 1,
      startTime: '2026-01-01T00:00:00Z',
      terminating: 0,
      uncountedTerminatedPods: {},
    });
    await cluster.clock.advance(3_000);
    await cluster.finish(pod!, 'Succeeded');
    const time = '2026-01-01T00:00:03Z';
    const told = { reason: 'CompletionsReached', message: 'Reached expected number of succeeded pods', status: 'True' };
    expect((await current(cluster)).status).toEqual({
      conditions: [
        { ...told, type: 'SuccessCriteriaMet', lastProbeTime: time, lastTransitionTime: time },
        { ...told, type: 'Complete', lastProbeTime: time, lastTransitionTime: time },
      ],
      completionTime: time,
      ready: 0,
      startTime: '2026-01-01T00:00:00Z',
      succeeded: 1,
      terminating: 0,
      uncountedTerminatedPods: {},
    });
    expect((await cluster.pods())[0]!.metadata.finalizers).toBeUndefined();
    expect(said(cluster)).toEqual([
      `Normal SuccessfulCreate: Created pod: ${pod!.metadata.name}`,
      'Normal Completed: Job completed',
    ]);
    await cluster.restart();
    expect(await cluster.pods()).toHaveLength(1);
  });

  it('runs so many at a time, so many in all', async () => {
    const cluster = await started({ completions: 3, parallelism: 2 });
    expect(await running(cluster)).toHaveLength(2);
    await cluster.finish((await running(cluster))[0]!, 'Succeeded');
    expect(await running(cluster)).toHaveLength(2);
    await cluster.finish((await running(cluster))[0]!, 'Succeeded');
    expect(await running(cluster)).toHaveLength(1);
    await cluster.finish((await running(cluster))[0]!, 'Succeeded');
    expect((await current(cluster)).status).toMatchObject({ succeeded: 3 });
    expect(await conditionsOf(cluster)).toContain('Complete True CompletionsReached');
  });

  it('tries again after a while, and gives up at its limit', async () => {
    const cluster = await started({ backoffLimit: 1 });
    await cluster.finish((await running(cluster))[0]!, 'Failed');
    expect(await running(cluster)).toEqual([]);
    expect((await current(cluster)).status).toMatchObject({ failed: 1 });
    await cluster.clock.advance(10_000);
    expect(await running(cluster)).toHaveLength(1);
    await cluster.finish((await running(cluster))[0]!, 'Failed');
    expect(await conditionsOf(cluster)).toEqual([
      'FailureTarget True BackoffLimitExceeded',
      'Failed True BackoffLimitExceeded',
    ]);
    expect((await current(cluster)).status).toMatchObject({ failed: 2 });
    expect(said(cluster).at(-1)).toBe('Warning BackoffLimitExceeded: Job has reached the specified backoff limit');
  });

  it('ends at its deadline', async () => {
    const cluster = await started({ activeDeadlineSeconds: 30 });
    await cluster.clock.advance(30_000);
    expect(await running(cluster)).toEqual([]);
    expect(await conditionsOf(cluster)).toEqual([
      'FailureTarget True DeadlineExceeded',
      'Failed True DeadlineExceeded',
    ]);
  });

  it('stops while suspended and goes on afterwards', async () => {
    const cluster = await started();
    const jobs = cluster.client.resource(Jobs);
    await jobs.patch(key, 'merge', { spec: { suspend: true } });
    await cluster.settle();
    expect(await cluster.pods()).toEqual([]);
    expect(await conditionsOf(cluster)).toEqual(['Suspended True JobSuspended']);
    await jobs.patch(key, 'merge', { spec: { suspend: false } });
    await cluster.settle();
    expect(await running(cluster)).toHaveLength(1);
    expect((await current(cluster)).status?.failed).toBeUndefined();
    expect(await conditionsOf(cluster)).toEqual(['Suspended False JobResumed']);
  });

  it('with indexes runs each once', async () => {
    const cluster = await started({ completionMode: 'Indexed', completions: 3, parallelism: 2 });
    const indexes = async () =>
      (await running(cluster)).map(({ metadata }) => metadata.labels?.['batch.kubernetes.io/job-completion-index']);
    expect(await indexes()).toEqual(['0', '1']);
    expect((await running(cluster))[0]!.spec.hostname).toBe('work-0');
    await cluster.finish((await running(cluster))[0]!, 'Succeeded');
    expect(await indexes()).toEqual(['1', '2']);
    expect((await current(cluster)).status).toMatchObject({ succeeded: 1, completedIndexes: '0' });
    for (const pod of await running(cluster)) await cluster.finish(pod, 'Succeeded');
    expect((await current(cluster)).status).toMatchObject({ succeeded: 3, completedIndexes: '0-2' });
  });

  it('goes after its time to live, and lets its Pods go with it', async () => {
    const cluster = await started({ ttlSecondsAfterFinished: 60 });
    await cluster.finish((await running(cluster))[0]!, 'Succeeded');
    await cluster.clock.advance(61_000);
    await expect(current(cluster)).rejects.toSatisfy((error) => isReason(error, 'NotFound'));
    expect(await cluster.pods()).toEqual([]);
  });

  it('deleted while it runs leaves no Pod behind', async () => {
    const cluster = await started();
    await cluster.client.resource(Jobs).delete(key, { propagationPolicy: 'Background' });
    await cluster.settle();
    expect(await cluster.pods()).toEqual([]);
  });
});

describe('policies of a Job', () => {
  const failWith = async (cluster: TestCluster, pod: Pod, exitCode: number) => {
    const terminated = { exitCode, reason: 'Error', finishedAt: '2026-01-01T00:00:00Z' };
    const containerStatuses = [
      { name: 'main', image: 'busybox', imageID: '', ready: false, restartCount: 0, state: { terminated } },
    ];
    const key = { namespace: 'default', name: pod.metadata.name! };
    await cluster.client
      .resource(Pods)
      .patch(key, 'merge', { status: { containerStatuses, phase: 'Failed' } } as never, { subresource: 'status' });
    await cluster.settle();
  };
  const onExitCodes = { operator: 'In' as const, values: [42] };

  it('an exit code may fail the Job at once, or not count at all', async () => {
    const failing = await started({ podFailurePolicy: { rules: [{ action: 'FailJob', onExitCodes }] } });
    const [pod] = await running(failing);
    await failWith(failing, pod!, 42);
    const failed = (await current(failing)).status?.conditions?.find(({ type }) => type === 'Failed');
    expect(failed).toMatchObject({
      reason: 'PodFailurePolicy',
      message: `Container main for pod default/${pod!.metadata.name} failed with exit code 42 matching FailJob rule at index 0`,
    });
    const ignoring = await started({
      backoffLimit: 0,
      podFailurePolicy: { rules: [{ action: 'Ignore', onExitCodes }] },
    });
    await failWith(ignoring, (await running(ignoring))[0]!, 42);
    await ignoring.clock.advance(10_000);
    expect((await current(ignoring)).status?.failed).toBeUndefined();
    expect(await running(ignoring)).toHaveLength(1);
  });

  it('indexes fail by themselves where failures are limited for each', async () => {
    const cluster = await started({
      completionMode: 'Indexed',
      completions: 2,
      parallelism: 2,
      backoffLimitPerIndex: 1,
    });
    await failWith(cluster, (await running(cluster))[0]!, 1);
    await cluster.clock.advance(10_000);
    const again = (await running(cluster)).find(
      ({ metadata }) => metadata.labels?.['batch.kubernetes.io/job-completion-index'] === '0',
    );
    expect(again!.metadata.annotations?.['batch.kubernetes.io/job-index-failure-count']).toBe('1');
    await failWith(cluster, again!, 1);
    expect((await current(cluster)).status).toMatchObject({ failed: 2, failedIndexes: '0', active: 1 });
    await cluster.finish((await running(cluster))[0]!, 'Succeeded');
    expect(await conditionsOf(cluster)).toEqual(['FailureTarget True FailedIndexes', 'Failed True FailedIndexes']);
    expect((await current(cluster)).status).toMatchObject({ succeeded: 1, completedIndexes: '1', failedIndexes: '0' });
  });

  it('some indexes may be enough', async () => {
    const successPolicy = { rules: [{ succeededIndexes: '0-1', succeededCount: 1 }] };
    const cluster = await started({ completionMode: 'Indexed', completions: 3, parallelism: 3, successPolicy });
    await cluster.finish((await running(cluster))[1]!, 'Succeeded');
    expect(await conditionsOf(cluster)).toEqual([
      'SuccessCriteriaMet True SuccessPolicy',
      'Complete True SuccessPolicy',
    ]);
    expect(await running(cluster)).toEqual([]);
  });

  it('goes on behind two thousand million indexes, and counts them against its rules, at once', async () => {
    const completions = 2_147_483_647;
    const successPolicy = { rules: [{ succeededIndexes: `0-${completions - 2}` }] };
    const cluster = await started({
      completionMode: 'Indexed',
      completions,
      parallelism: 2,
      suspend: true,
      successPolicy,
    });
    const jobs = cluster.client.resource(Jobs);
    const completedIndexes = `0-4,6-${completions - 2}`;
    await jobs.patch(key, 'merge', { status: { completedIndexes } }, { subresource: 'status' });
    await jobs.patch(key, 'merge', { spec: { suspend: false } });
    await cluster.settle();
    const indexes = (await running(cluster)).map(
      ({ metadata }) => metadata.annotations?.['batch.kubernetes.io/job-completion-index'],
    );
    expect(new Set(indexes)).toEqual(new Set(['5', '2147483646']));
    expect((await current(cluster)).status).toMatchObject({ completedIndexes, succeeded: completions - 2 });
  });

  it('a Pod that shuts down is waited for where so asked', async () => {
    const cluster = await startTestCluster({ names: ['job', 'gc'], grace: 5 });
    await cluster.client.resource(Jobs).create(jobOf({ podReplacementPolicy: 'Failed' }));
    await cluster.settle();
    const [pod] = await cluster.pods();
    await cluster.client.resource(Pods).delete({ namespace: 'default', name: pod!.metadata.name! });
    await cluster.settle();
    expect(await cluster.pods()).toHaveLength(1);
    expect((await current(cluster)).status).toMatchObject({ terminating: 1 });
    await failWith(cluster, pod!, 1);
    await cluster.clock.advance(15_000);
    expect((await running(cluster)).map(({ metadata }) => metadata.uid)).not.toContain(pod!.metadata.uid);
    expect((await current(cluster)).status).toMatchObject({ failed: 1, active: 1 });
  });
});

describe('sets of indexes', () => {
  it.each([['0-2,4'], [''], ['7'], ['0-1,3-4'], ['1-2147483646']])('%s', (text) =>
    expect(writeIndexes(readIndexes(text))).toBe(text),
  );

  it('answer as sets do', () => {
    const some = fc.array(fc.nat(30), { maxLength: 20 });
    fc.assert(
      fc.property(some, some, fc.nat(31), (left, right, at) => {
        const [a, b] = [withIndexes(readIndexes(''), left), withIndexes(readIndexes(''), right)];
        const [A, B] = [new Set(left), new Set(right)];
        const sorted = [...A.union(B)].sort((one, other) => one - other);
        expect(bothOf(a, b)).toEqual(withIndexes(readIndexes(''), sorted));
        expect([a.size, bothOf(a, b).size, countShared(a, b)]).toEqual([A.size, sorted.length, A.intersection(B).size]);
        expect(hasIndex(a, at)).toBe(A.has(at));
        expect(nextWithout(a, at)).toBe(Array.from({ length: 40 }, (_, i) => at + i).find((each) => !A.has(each)));
        expect(readIndexes(writeIndexes(a))).toEqual(a);
      }),
    );
  });
});

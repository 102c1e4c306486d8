import { describe, expect, it } from 'vitest';
import type { Cluster } from '#apis/cluster/cluster.ts';
import { policyId } from '#apis/names/labels.ts';
import type { Binding } from '#apis/work/binding.ts';
import type { BindingSpec } from '#apis/work/binding-spec.ts';
import { findCondition } from '#kube/conditions/conditions.ts';
import { forbidden, internalError, invalid, staleResourceVersion } from '#kube/status/errors.ts';
import { failure } from '#kube/status/status.ts';
import { createMetrics } from '#runtime/telemetry/metrics.ts';
import { simulatedClock } from '#world/clock/simulated.ts';
import { decisionInputs, type EstimatorDoor } from './decide.ts';
import { schedulerMeter } from './meter.ts';
import { cluster, deployment, dynamic, resource, roomy } from './plan/scheduling.cases.ts';
import { defaultSettings } from './plan/settings.ts';
import { reconcileBinding } from './reconcile.ts';
import { placingNow } from './write.ts';

interface Given {
  readonly spec?: BindingSpec;
  readonly clusters?: readonly Cluster[];
  /** What the placement's write is answered with. */
  readonly refusal?: Error;
  readonly estimator?: EstimatorDoor;
  readonly metadata?: Binding['metadata'];
}

function setUp({ spec = deployment({}, 2), clusters = [cluster('a')], refusal, estimator, ...given }: Given) {
  const clock = simulatedClock();
  const metrics = createMetrics();
  const meter = schedulerMeter(metrics, clock);
  const metadata = {
    namespace: 'default',
    name: 'web',
    generation: 1,
    labels: { [policyId]: 'id' },
    ...given.metadata,
  };
  let binding = { apiVersion: 'v', kind: 'ResourceBinding', metadata, spec } as unknown as Binding;
  const told: string[] = [];
  const context = {
    bindings: {
      get: () => binding,
      list: () => [binding],
      update: async (updated: Binding) => {
        if (refusal) throw refusal;
        binding = { ...updated, metadata: { ...updated.metadata, generation: 2 } } as Binding;
        return binding;
      },
      updateStatus: async (updated: Binding) => {
        binding = { ...binding, status: updated.status } as Binding;
        return binding;
      },
      onChange: () => {},
      namespaced: undefined as never,
    },
    events: {
      event: (object: { readonly kind: string }, type: string, reason: string, message: string) =>
        told.push(`${object.kind} ${type} ${reason}: ${message}`),
    },
    clock,
    placing: placingNow(),
    inputs: decisionInputs({ clusters: { list: () => clusters }, clock, settings: defaultSettings, estimator }),
    assumptions: undefined,
    meter,
    schedulerName: 'default-scheduler',
  };
  return {
    clock,
    metrics,
    told,
    run: () => reconcileBinding(context, 'default/web'),
    binding: () => binding,
    scheduled: () => findCondition(binding.status?.conditions, 'Scheduled'),
  };
}

const group = { group: 'work.karmada.io', resource: 'resourcebindings' };
const kind = { group: 'work.karmada.io', kind: 'ResourceBinding' };
const quota = failure('QuotaExceeded', 'out of quota');
const invalidSpec = invalid(kind, 'web', [{ reason: 'FieldValueInvalid', field: 'spec', message: 'bad' }]);
const terminating = failure('Forbidden', 'it is ending', { causes: [{ reason: 'NamespaceTerminating' }] });

describe('a placement that cannot be written', () => {
  it.each([
    ['for its quota is tried again', quota, 'QuotaExceeded', { outcome: 'waits', until: 'backoff' }],
    ['for what it says is tried again', invalidSpec, 'SchedulerError', { outcome: 'waits', until: 'backoff' }],
    ['by rights is tried again', forbidden(group, 'web', 'no'), 'SchedulerError', { outcome: 'waits' }],
    ['because its namespace ends is not', terminating, 'SchedulerError', { outcome: 'done' }],
  ])('%s', async (_what, refusal, reason, result) => {
    const { run, told, scheduled, metrics, binding } = setUp({ refusal });
    expect(await run()).toMatchObject(result);
    expect(scheduled()).toMatchObject({ status: 'False', reason, message: refusal.message });
    expect(binding().status).not.toHaveProperty('lastScheduledTime');
    expect(told).toEqual([
      `ResourceBinding Warning ScheduleBindingFailed: ${refusal.message}`,
      `Deployment Warning ScheduleBindingFailed: ${refusal.message}`,
    ]);
    expect(await run()).toMatchObject(result);
    expect(told).toHaveLength(2);
    expect(metrics.text()).toContain(
      'karmada_scheduler_schedule_attempts_total{result="error",schedule_type="ReconcileSchedule"} 2',
    );
  });

  it('says both things when no cluster fits, and is tried again', async () => {
    const spec = deployment({ clusterAffinity: { clusterNames: ['b'] } }, 2, {
      clusters: [{ name: 'a', replicas: 2 }],
    });
    const { run, scheduled } = setUp({ spec, refusal: quota });
    expect(await run()).toMatchObject({ outcome: 'waits', until: 'backoff' });
    expect(scheduled()).toMatchObject({
      reason: 'NoClusterFit',
      message: expect.stringMatching(/^\[0\/1 clusters are available: .*, out of quota\]$/),
    });
  });

  it.each([
    ['because it is behind', staleResourceVersion(group, 'web')],
    ['because the server fails', internalError('down')],
    ['because nobody answers', new Error('socket hang up')],
  ])('%s says nothing of the binding', async (_what, refusal) => {
    const { run, told, scheduled } = setUp({ refusal });
    await expect(run()).rejects.toThrow(refusal.message);
    expect(scheduled()).toBeUndefined();
    expect(told).toEqual([]);
  });
});

describe('a decision', () => {
  it('is measured, step by step, and the first one plugin by plugin', async () => {
    const { run, metrics } = setUp({});
    expect(await run()).toEqual({ outcome: 'done' });
    const text = metrics.text();
    for (const step of ['Filter', 'Score', 'Select', 'AssignReplicas'])
      expect(text).toContain(
        `karmada_scheduler_scheduling_algorithm_duration_seconds_count{schedule_step="${step}"} 1`,
      );
    expect(text).toContain(
      'karmada_scheduler_framework_extension_point_duration_seconds_count{extension_point="Filter",result="Success"} 1',
    );
    expect(text).toContain(
      'karmada_scheduler_plugin_execution_duration_seconds_count{plugin="APIEnablement",extension_point="Filter",result="Success"} 1',
    );
    expect(text).toContain(
      'karmada_scheduler_e2e_scheduling_duration_seconds_count{result="scheduled",schedule_type="ReconcileSchedule"} 1',
    );
  });

  it('names no colon in the event of what has no namespace', async () => {
    const { run, told, binding } = setUp({});
    const { namespace: _, ...metadata } = binding().metadata;
    (binding() as { metadata: object }).metadata = metadata;
    await run();
    expect(told[0]).toBe(
      'ResourceBinding Normal ScheduleBindingSucceed: Binding has been scheduled successfully. Result {a:2}',
    );
  });
});

describe('an accurate estimator', () => {
  const spec = deployment(dynamic, 4, { resource });
  const clusters = [roomy('a', 10), roomy('b', 10)];
  const door = (maxAvailableReplicas: EstimatorDoor['estimator']['maxAvailableReplicas']): EstimatorDoor => ({
    estimator: { maxAvailableReplicas, maxAvailableComponentSets: async () => new Map() },
    timeoutMs: 3_000,
    skipsPullMode: true,
  });
  const placed = ({ spec: { clusters: found = [] } }: Binding) =>
    found.map(({ name, replicas }) => `${name}:${replicas}`);

  it('narrows the room of clusters', async () => {
    const { run, binding } = setUp({
      spec,
      clusters,
      estimator: door(
        async () =>
          new Map([
            ['a', 0],
            ['b', 10],
          ]),
      ),
    });
    await run();
    expect(placed(binding())).toEqual(['b:4']);
  });

  it('that fails counts for nothing', async () => {
    const { run, binding } = setUp({ spec, clusters, estimator: door(() => Promise.reject(new Error('down'))) });
    await run();
    expect(placed(binding())).toEqual(['a:2', 'b:2']);
  });

  it('that is silent is waited for as long as its time-out, and then counts for nothing', async () => {
    const { run, binding, clock } = setUp({ spec, clusters, estimator: door(() => new Promise(() => {})) });
    const running = run();
    await clock.advance(2_999);
    expect(placed(binding())).toEqual([]);
    await clock.advance(1);
    await running;
    expect(placed(binding())).toEqual(['a:2', 'b:2']);
  });

  it('is not asked about clusters in Pull mode', async () => {
    const asked: string[] = [];
    const estimator = door(async (question) => {
      asked.push(...question.clusters);
      return new Map();
    });
    const { run } = setUp({ spec, clusters: [roomy('a', 10, { syncMode: 'Pull' }), roomy('b', 10)], estimator });
    await run();
    expect(asked).toEqual(['b']);
  });
});

it('one that is being deleted is placed nowhere else, but holds no cluster back that leaves', async () => {
  const spec = { ...deployment({}, 2), clusters: ['a', 'b'].map((name) => ({ name, replicas: 2 })) };
  const leaving = cluster('b');
  const gone = { ...leaving, metadata: { ...leaving.metadata, deletionTimestamp: 'now' } };
  const given = { spec, metadata: { deletionTimestamp: 'now' } };
  const { run, binding, scheduled } = setUp({ ...given, clusters: [cluster('a'), gone, cluster('c')] });
  await run();
  expect([binding().spec.clusters, scheduled()]).toEqual([[{ name: 'a', replicas: 2 }], undefined]);
  const untouched = setUp({ ...given, clusters: [cluster('a'), leaving, cluster('c')] });
  await untouched.run();
  expect(untouched.binding().spec).toBe(spec);
});

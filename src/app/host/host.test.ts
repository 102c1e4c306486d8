import { describe, expect, it } from 'vitest';
import { type Deployment, Deployments, Events, Nodes, type Pod, Pods, StatefulSets } from '#apis/kubernetes/types.ts';
import { findCondition } from '#kube/conditions/conditions.ts';
import type { Condition } from '#kube/meta/object.ts';
import type { ControllerManagerSettings, SchedulerSettings } from '../components/settings.ts';
import { startTestHost, type TestHost, withFlags, withReplicas } from './host.cases.ts';

const namespace = 'karmada-system';
const manager = 'karmada-controller-manager';
const scheduler = 'karmada-scheduler';

const withGate = (value: boolean) =>
  withFlags((flags) => [
    ...flags.filter((flag) => !flag.startsWith('--feature-gates')),
    `--feature-gates=PropagationPolicyPreemption=${value}`,
  ]);

const gateOf = (settings: unknown) => (settings as ControllerManagerSettings).gates.PropagationPolicyPreemption;

const nameOf = (pod: Pod | undefined) => pod?.metadata.name;

const condition = ({ status }: Deployment, type: string) =>
  findCondition(status?.conditions as readonly Condition[] | undefined, type);

const isReady = (pod: Pod) => pod.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True');

async function eventsOf(test: TestHost, reason: string): Promise<readonly string[]> {
  await test.clock.advance(1_000);
  const { items } = await test.client.resource(Events).list({ namespace });
  return items.filter((event) => event.reason === reason).map(({ message }) => message ?? '');
}

describe('karmada-host at its start', () => {
  it("shows the control plane's parts, all of them up", async () => {
    const test = await startTestHost();
    await test.settle();
    const { items: deployments } = await test.client.resource(Deployments).list({ namespace });
    const { items: sets } = await test.client.resource(StatefulSets).list({ namespace });
    const rows = [...deployments, ...sets].map(({ metadata, status }) => `${metadata.name} ${status?.readyReplicas}`);
    expect(rows.sort()).toEqual([
      'etcd 1',
      'karmada-aggregated-apiserver 1',
      'karmada-apiserver 1',
      'karmada-controller-manager 1',
      'karmada-kube-controller-manager 1',
      'karmada-scheduler 1',
      'karmada-webhook 1',
    ]);
    const { items: nodes } = await test.client.resource(Nodes).list();
    expect(nodes.map(({ metadata }) => metadata.name)).toEqual(['karmada-host-control-plane']);
  });

  it('runs each component once, under the lease of its Pod', async () => {
    const test = await startTestHost();
    expect([...test.told].sort()).toEqual([`${manager} starts`, `${scheduler} starts`]);
    expect(test.host.components().map(({ name, running }) => [name, running()])).toEqual([
      [manager, true],
      [scheduler, true],
    ]);
    expect(test.host.isUp('karmada-webhook')).toBe(true);
    const [pod] = await test.pods(scheduler);
    expect((await test.lease(scheduler)).spec.holderIdentity).toMatch(new RegExp(`^${nameOf(pod)}_`));
  });

  it('has the line of flags that the tutorials look for, and says which of them means nothing any more', async () => {
    const test = await startTestHost();
    const { command = [] } = (await test.deployment(manager)).spec.template.spec.containers[0]!;
    const at = command.indexOf('--failover-eviction-timeout=30s');
    expect(command[at + 1]).toBe('--v=4');
    expect(await eventsOf(test, 'RetiredFlag')).toEqual([expect.stringContaining('--failover-eviction-timeout')]);
  });
});

describe('an edited Deployment', () => {
  it('restarts its component with the new flags once the old Pod has let go', async () => {
    const test = await startTestHost();
    const [old] = await test.pods(manager);
    test.told.length = 0;
    await test.edit(manager, withGate(false));
    expect(test.told).toEqual([`${manager} stops`, `${manager} starts`]);
    expect(gateOf(test.settings.at(-1))).toBe(false);
    const pods = await test.pods(manager);
    expect(pods).toHaveLength(1);
    expect(nameOf(pods[0])).not.toBe(nameOf(old));
    const { spec } = await test.lease(manager);
    expect(spec.holderIdentity).toMatch(new RegExp(`^${nameOf(pods[0])}_`));
    expect(spec.leaseTransitions).toBe(1);
    expect(condition(await test.deployment(manager), 'Progressing')?.reason).toBe('NewReplicaSetAvailable');

    await test.edit(manager, withGate(true));
    expect(gateOf(test.settings.at(-1))).toBe(true);
    expect(test.most()).toBe(1);
  });

  it('of the webhooks has them answer by its gates', async () => {
    const test = await startTestHost();
    await test.settle();
    expect(test.host.webhookSettings()?.gates).toMatchObject({ FederatedQuotaEnforcement: false });
    const gate = '--feature-gates=FederatedQuotaEnforcement=true';
    await test.edit(
      'karmada-webhook',
      withFlags((flags) => [...flags, gate]),
    );
    expect(test.host.webhookSettings()?.gates).toMatchObject({ FederatedQuotaEnforcement: true });
    await test.edit('karmada-webhook', withReplicas(0));
    expect(test.host.webhookSettings()).toBeUndefined();
  });

  it('with a flag nobody knows leaves the old Pod running, and the new one says why it does not', async () => {
    const test = await startTestHost();
    await test.settle();
    const [old] = await test.pods(manager);
    test.told.length = 0;
    await test.edit(
      manager,
      withFlags((flags) => [...flags, '--no-such-flag']),
    );
    expect(test.told).toEqual([]);
    const pods = await test.pods(manager);
    const fresh = pods.find((pod) => nameOf(pod) !== nameOf(old))!;
    expect(pods).toHaveLength(2);
    expect([isReady(old!), isReady(fresh)]).toEqual([true, false]);
    const [status] = fresh.status?.containerStatuses ?? [];
    expect(status?.state?.waiting).toEqual({
      reason: 'CrashLoopBackOff',
      message: `back-off 10s restarting failed container=${manager} pod=${nameOf(fresh)}_${namespace}(${fresh.metadata.uid})`,
    });
    expect(status?.lastState?.terminated).toMatchObject({
      exitCode: 1,
      reason: 'Error',
      message: 'unknown flag: --no-such-flag',
    });
    const { status: told } = await test.deployment(manager);
    expect([told?.updatedReplicas, told?.availableReplicas, told?.unavailableReplicas]).toEqual([1, 1, 1]);
    expect(await eventsOf(test, 'BackOff')).toEqual([
      expect.stringMatching(/^Back-off restarting failed container karmada-controller-manager in pod /),
    ]);
  });

  it('is tried again with a growing wait, gives up in the end, and recovers with good flags', async () => {
    const test = await startTestHost();
    const failing = async () => (await test.pods(manager)).find((pod) => !isReady(pod))?.status?.containerStatuses?.[0];
    await test.edit(
      manager,
      withFlags((flags) => [...flags, '--no-such-flag']),
    );
    await test.clock.advance(10_000);
    expect((await failing())?.restartCount).toBe(1);
    expect((await failing())?.state?.waiting?.message).toMatch(/^back-off 20s /);
    await test.clock.advance(600_000);
    expect(condition(await test.deployment(manager), 'Progressing')).toMatchObject({
      status: 'False',
      reason: 'ProgressDeadlineExceeded',
    });
    expect(test.host.components()[0]!.running()).toBe(true);
    await test.edit(
      manager,
      withFlags((flags) => flags.filter((flag) => flag !== '--no-such-flag')),
    );
    expect(await test.pods(manager)).toHaveLength(1);
    expect(condition(await test.deployment(manager), 'Progressing')?.status).toBe('True');
  });

  it('whose program is another one fails as a container without it', async () => {
    const test = await startTestHost();
    await test.edit(
      scheduler,
      withFlags((flags) => ['/bin/sh', ...flags.slice(1)]),
    );
    const failing = (await test.pods(scheduler)).find((pod) => !isReady(pod));
    const message = failing?.status?.containerStatuses?.[0]?.lastState?.terminated?.message;
    expect(message).toContain('exec: "/bin/sh": no such file or directory');
  });
});

describe('the number of Pods', () => {
  it('0 stops the component, 1 starts it again', async () => {
    const test = await startTestHost();
    test.told.length = 0;
    await test.edit(scheduler, withReplicas(0));
    expect(test.told).toEqual([`${scheduler} stops`]);
    expect(test.host.components()[1]!.running()).toBe(false);
    expect((await test.lease(scheduler)).spec.holderIdentity ?? '').toBe('');
    await test.edit(scheduler, withReplicas(1));
    expect(test.told).toEqual([`${scheduler} stops`, `${scheduler} starts`]);
  });

  it('2 adds a stand-by that takes over when the first is deleted', async () => {
    const test = await startTestHost();
    const [first] = await test.pods(scheduler);
    await test.edit(scheduler, withReplicas(2));
    expect((await test.pods(scheduler)).map(isReady)).toEqual([true, true]);
    expect(test.told.filter((line) => line === `${scheduler} starts`)).toHaveLength(1);
    const standBy = (await test.pods(scheduler)).find((pod) => nameOf(pod) !== nameOf(first));
    await test.client.resource(Pods).delete({ namespace, name: nameOf(first)! });
    await test.settle();
    expect((await test.lease(scheduler)).spec.holderIdentity).toMatch(new RegExp(`^${nameOf(standBy)}_`));
    expect(await test.pods(scheduler)).toHaveLength(2);
    expect(test.most()).toBe(1);
  });

  it('none without the Deployment; applied again it runs again', async () => {
    const test = await startTestHost();
    const { metadata: _metadata, ...kept } = await test.deployment(scheduler);
    test.told.length = 0;
    await test.client.resource(Deployments).delete({ namespace, name: scheduler });
    await test.clock.advance(1_000);
    expect(test.told).toEqual([`${scheduler} stops`]);
    expect(await test.pods(scheduler)).toEqual([]);
    const metadata = { namespace, name: scheduler, labels: { app: scheduler } };
    await test.client.resource(Deployments).create({ ...kept, metadata });
    await test.settle();
    expect(test.told).toEqual([`${scheduler} stops`, `${scheduler} starts`]);
  });
});

describe('started again on the same store', () => {
  it('components get the flags a start is given, and keep them at later ones', async () => {
    const first = await startTestHost({
      flags: { [scheduler]: ['--feature-gates=PriorityBasedScheduling=true', '--plugins=*,-ClusterLocality'] },
    });
    await first.settle();
    const command = (deployment: Deployment) => deployment.spec.template.spec.containers[0]!.command;
    expect(command(await first.deployment(scheduler))).toEqual(
      expect.arrayContaining(['--v=4', '--plugins=*,-ClusterLocality']),
    );
    const settings = first.settings.find((each) => 'plugins' in (each as object)) as SchedulerSettings;
    expect(settings.gates.PriorityBasedScheduling).toBe(true);
    expect(settings.plugins.has('ClusterLocality')).toBe(false);
    await first.stop();
    const later = await startTestHost({ ...first, flags: { [scheduler]: ['--plugins=*'] } });
    await later.settle();
    expect(command(await later.deployment(scheduler))).toEqual(
      expect.arrayContaining(['--plugins=*', '--feature-gates=PriorityBasedScheduling=true']),
    );
  });

  it('components run with the flags they were given, in the Pods they were in', async () => {
    const before = await startTestHost();
    await before.edit(manager, withGate(false));
    const [pod] = await before.pods(manager);
    await before.stop();
    const after = await startTestHost(before);
    expect(after.settings.map(gateOf)).toContain(false);
    const pods = await after.pods(manager);
    expect(pods.map(({ metadata, status }) => [metadata.uid, status?.containerStatuses?.[0]?.restartCount])).toEqual([
      [pod?.metadata.uid, 0],
    ]);
  });

  it('what is missing is made again, what was changed stays', async () => {
    const before = await startTestHost();
    await before.edit(scheduler, withReplicas(0));
    await before.client.resource(Deployments).delete({ namespace, name: 'karmada-webhook' });
    await before.stop();
    const after = await startTestHost(before);
    await after.settle();
    expect((await after.deployment(scheduler)).spec.replicas).toBe(0);
    expect(after.told).toEqual([`${manager} starts`]);
    expect(before.held).toEqual([]);
    expect(after.held).toEqual([
      { name: scheduler, why: expect.stringMatching(/^it is scaled to 0 on karmada-host; start it with kubectl /) },
    ]);
    expect((await after.deployment('karmada-webhook')).status?.readyReplicas).toBe(1);
  });
});

describe('parts of the process itself', () => {
  it('refuse scaling, deletion and eviction by whoever asks', async () => {
    const test = await startTestHost();
    await expect(test.edit('karmada-apiserver', withReplicas(0))).rejects.toThrow(/"flotilla down" stops it/);
    const deployments = test.client.resource(Deployments);
    const apiserver = { namespace, name: 'karmada-apiserver' };
    await expect(
      deployments.patch(apiserver, 'merge', { spec: { replicas: 0 } }, { subresource: 'scale' }),
    ).rejects.toThrow(/cannot be changed here/);
    await expect(deployments.delete(apiserver)).rejects.toThrow(/is forbidden/);
    const [etcd] = await test.pods('etcd');
    await expect(test.client.resource(Pods).delete({ namespace, name: nameOf(etcd)! })).rejects.toThrow(/--data-dir/);
    const eviction = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { namespace, name: nameOf(etcd)! } };
    await expect(
      test.client.resource(Pods).create(eviction as unknown as Pod, { subresource: 'eviction' }),
    ).rejects.toThrow(/--data-dir/);
    expect((await test.pods('etcd')).map(({ metadata }) => metadata.uid)).toEqual([etcd?.metadata.uid]);
  });
});

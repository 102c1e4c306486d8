/** The takeover's ground with a real kube-apiserver as the member, joined and reached over HTTPS, in real time. */
import { join } from '#app/join.ts';
import type { ApiClient } from '#client/api-client.ts';
import { httpClient } from '#client/http.ts';
import { type Anything, kubectl } from '#harness/kubectl.ts';
import type { MigrationGround } from '#harness/migration.ts';
import { type Planes, startPlanes } from '#harness/planes.ts';
import { type RealKubernetes, startRealKubernetes, workloadControllers } from '#harness/real-kubernetes.ts';
import type { Exchange } from '#harness/recording.ts';
import { bindingOf, worksOf } from '#harness/samples.ts';
import { until as untilWithin } from '#harness/until.ts';
import { writesOf } from '#harness/written.ts';
import { systemClock } from '#world/clock/system.ts';
import type { Ground, Site } from './takeover-ground.ts';

/** Real programs on a busy machine take their time. */
const patienceMs = 60_000;
const until: Ground['until'] = (what, look) => untilWithin(what, look, patienceMs);

const fence = 'tests.flotilla.io/fence';
const memberName = 'member1';

type WriteRecording = (title: string, namespace: string, exchanges: readonly Exchange[]) => void;

/** Joined as anybody joins a cluster, and written under the account that joining made. */
export async function realSite(): Promise<Site> {
  const real = await startRealKubernetes({ controllers: workloadControllers });
  return orStopped(real, () => joinedSite(real));
}

async function joinedSite(real: RealKubernetes): Promise<Site> {
  const { planes, client } = await joined(real);
  return siteOf(real, planes, client, true);
}

/** A control plane that a real cluster has joined, and a client of that cluster. */
async function joined(real: RealKubernetes): Promise<{ readonly planes: Planes; readonly client: ApiClient }> {
  const planes = await startPlanes({ members: [] });
  const client = httpClient({ name: 'real', config: real.access, clock: systemClock, userAgent: 'test' });
  await join({
    name: memberName,
    controlPlane: planes.control,
    member: client,
    endpoint: { url: real.access.server },
    namespace: 'karmada-cluster',
    clock: systemClock,
  });
  return { planes, client };
}

/** For what migrates a real cluster by plan: it is ready, and ended by `stop`. */
export async function realMigrationGround(): Promise<MigrationGround & { readonly stop: () => Promise<void> }> {
  const real = await startRealKubernetes({ controllers: workloadControllers });
  return orStopped(real, async () => {
    const { planes, client } = await joined(real);
    await untilReady(kubectl(planes.control));
    return {
      control: planes.control,
      member: () => client,
      drive: (promise) => promise,
      clock: systemClock,
      stop: async () => {
        await planes.stop();
        client.close();
        await real.stop();
      },
    };
  });
}

/** The same without controllers in the member, so that every write there is one of ours; what is written is recorded. */
export async function recordedSite(write: WriteRecording): Promise<Site> {
  const real = await startRealKubernetes();
  return orStopped(real, () => recordedSiteOn(real, write));
}

/** Programs do not end by themselves: where a site cannot be made its cluster is stopped. */
async function orStopped<T>(real: RealKubernetes, make: () => Promise<T>): Promise<T> {
  try {
    return await make();
  } catch (error) {
    await real.stop();
    throw error;
  }
}

async function recordedSiteOn(real: RealKubernetes, write: WriteRecording): Promise<Site> {
  const recorder = writesOf(real.access);
  const clientFor = (userAgent: string) =>
    httpClient({
      name: memberName,
      config: real.access,
      clock: systemClock,
      userAgent,
      createAgent: recorder.createAgent,
    });
  const planes = await startPlanes({ members: [], foreign: async () => clientFor('flotilla') });
  await kubectl(planes.control).create({ ...clusterNamed(memberName), spec: { syncMode: 'Push' } });
  const site = await siteOf(real, planes, clientFor('kubectl'), false);
  return {
    ...site,
    open: async (title) => {
      const ground = await site.open(title);
      const { namespace } = ground.place({ metadata: {} }).metadata;
      recorder.begin(namespace);
      return {
        ...ground,
        close: async () => {
          await ground.close();
          write(title, namespace, recorder.end());
        },
      };
    },
  };
}

async function siteOf(real: RealKubernetes, planes: Planes, client: ApiClient, controllers: boolean): Promise<Site> {
  const [control, member] = [kubectl(planes.control), kubectl(client)];
  await untilReady(control);
  let cases = 0;
  return {
    open: async () => {
      // A namespace for each case, in both clusters.
      const namespace = `case-${String(++cases).padStart(3, '0')}`;
      const object = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } };
      await member.create(object);
      await control.create(object);
      return groundIn(namespace, planes, control, member, controllers);
    },
    stop: async () => {
      await planes.stop();
      client.close();
      await real.stop();
    },
  };
}

const untilReady = (control: Hands) =>
  until('the cluster is ready', async () => {
    const cluster = await control.get(clusterNamed(memberName));
    return cluster.status?.conditions?.some((each: Anything) => each.type === 'Ready' && each.status === 'True');
  });

const clusterNamed = (name: string) => ({
  apiVersion: 'cluster.karmada.io/v1alpha1',
  kind: 'Cluster',
  metadata: { name },
});

type Hands = Ground['control'];

/** What the scheduler has to say about the template as it is now has come to the Work. */
async function isAssigned({ control }: Planes, template: Anything): Promise<boolean> {
  const hands = kubectl(control);
  const live = await hands.get(template);
  const { spec, status, metadata } = await hands.get(bindingOf(template));
  const [work] = await worksOf({ control }, template);
  return (
    spec.replicas === live.spec.replicas &&
    status?.schedulerObservedGeneration === metadata.generation &&
    work?.spec.workload.manifests[0].spec.replicas === spec.clusters[0].replicas
  );
}

function groundIn(namespace: string, planes: Planes, control: Hands, member: Hands, controllers: boolean): Ground {
  let fences = 0;
  return {
    plane: { control: planes.control, until },
    control,
    member,
    place: (object) => ({ ...object, metadata: { ...object.metadata, namespace } }),
    until,
    settled: async (template) => {
      await until('its replicas are assigned', () => isAssigned(planes, template));
      // The member's object is written as a whole: with the last change of its template all earlier ones are there.
      const mark = String(++fences);
      await control.annotate(template, fence, mark);
      await until('the last change is in the member', async () => {
        const live = await member.find(template);
        return live?.metadata.annotations?.[fence] === mark;
      });
    },
    rolledOut: async (object) => {
      if (!controllers) return true;
      const live = await member.get(object);
      return (
        live.status?.observedGeneration === live.metadata.generation && live.status?.replicas === live.spec.replicas
      );
    },
    close: async () => {},
  };
}

/** Members for tests: the embedded API server with RBAC on, simulated time, every write on record. */
import { afterEach } from 'vitest';
import { bootstrapRbac } from '#apis/kubernetes/bootstrap-rbac.ts';
import { builtinKinds } from '#apis/kubernetes/kinds.ts';
import { type Deployment, type Pod, Pods } from '#apis/kubernetes/types.ts';
import { metricsKinds } from '#apis/metrics/usage.ts';
import type { ApiClient } from '#client/api-client.ts';
import { restMapper } from '#client/mapper/mapper.ts';
import { gvkOf } from '#kube/meta/kind.ts';
import type { KubeObject } from '#kube/meta/object.ts';
import type { ApiHandler, ApiRequest } from '#kube/request/request.ts';
import { silentLog } from '#runtime/telemetry/log.ts';
import { createMetrics } from '#runtime/telemetry/metrics.ts';
import { accessControl } from '#server/auth/access.ts';
import { rawPaths } from '#server/http/raw.ts';
import { createApiServer } from '#server/serve.ts';
import { memoryStore } from '#server/storage/memory.ts';
import type { Store } from '#server/storage/store.ts';
import { createSigningKeyPem } from '#world/certificates/token-signing.ts';
import { type SimulatedClock, simulatedClock } from '#world/clock/simulated.ts';
import { systemDisk } from '#world/disk/system.ts';
import { seededRandom } from '#world/random/seeded.ts';
import { type Member, startMember } from './member.ts';
import { memberNetwork } from './network.ts';
import type { MemberOptions } from './options.ts';
import { loadStages } from './stages.ts';
import { answersLater } from './usage.ts';

export interface TestMember {
  readonly member: Member;
  readonly client: ApiClient;
  readonly clock: SimulatedClock;
  readonly store: Store;
  /** `create pods/binding web-1 (system:kube-scheduler)`, in order; reads, watches and events are left out. */
  readonly writes: string[];
  readonly pods: (namespace?: string) => Promise<readonly Pod[]>;
  /** Ends the member and its server; the store stays. */
  readonly stop: () => Promise<void>;
}

export interface TestMemberOptions extends Partial<Pick<MemberOptions, 'nodes' | 'index'>> {
  readonly clock?: SimulatedClock;
  /** Kept open when the member ends. */
  readonly store?: Store;
  readonly stages?: string;
  /** How far the member's wall clock is off. */
  readonly skewMs?: number;
}

const admin = { name: 'kubernetes-admin', groups: ['system:masters', 'system:authenticated'] };
const stageFolder = 'data/stages';
const quiet = new Set(['get', 'list', 'watch']);
const tokenKey = createSigningKeyPem();

const open: { readonly member: TestMember; readonly ownStore: boolean }[] = [];
afterEach(async () => {
  for (const { member, ownStore } of open.splice(0)) {
    await member.stop();
    if (ownStore) await member.store.close();
  }
});

export async function startTestMember(options: TestMemberOptions = {}): Promise<TestMember> {
  const { index = 0, clock = simulatedClock(), nodes, skewMs = 0 } = options;
  const store = options.store ?? memoryStore({ clock, freeze: true });
  const name = `member${index + 1}`;
  const world = { clock: { ...clock, now: () => clock.now() + skewMs }, random: seededRandom(index + 1) };
  let member: Member | undefined;
  const server = createApiServer({
    name,
    nodes: () => member!.nodes(),
    space: name,
    store,
    world,
    kinds: [...builtinKinds(), ...metricsKinds],
    answered: answersLater(() => member!.usage),
    access: accessControl({ bootstrap: await bootstrapRbac(), tokenKey, authority: '' }),
    raw: rawPaths({ release: 'v1.35.3', platform: 'linux/amd64' }),
    serviceCidr: memberNetwork(index).serviceCidr,
  });
  await server.start();
  const writes: string[] = [];
  const handler = recorded(server.handler, writes);
  member = startMember({
    name,
    index,
    handler,
    world,
    log: silentLog,
    metrics: createMetrics(),
    stages: await loadStages(systemDisk, stageFolder, options.stages ?? 'instant'),
    ...(nodes ? { nodes } : {}),
  });
  await clock.settle();
  await member.started;
  await clock.settle();
  const client = member.client(admin, 'kubectl');
  let stopped = false;
  const test: TestMember = {
    member,
    client,
    clock,
    store,
    writes,
    pods: async (namespace = 'default') => (await client.resource(Pods).list({ namespace })).items,
    stop: async () => {
      if (stopped) return;
      stopped = true;
      const stopping = member.stop();
      await clock.settle();
      await stopping;
      client.close();
      server.stop();
    },
  };
  open.push({ member: test, ownStore: options.store === undefined });
  return test;
}

function recorded(handler: ApiHandler, writes: string[]): ApiHandler {
  return {
    ...handler,
    handle: (request) => {
      if (!quiet.has(request.verb) && request.path.resource !== 'events') writes.push(describe(request));
      return handler.handle(request);
    },
  };
}

function describe({ verb, path, user, body }: ApiRequest): string {
  const { name } = (body as { readonly metadata?: { readonly name?: string } } | undefined)?.metadata ?? {};
  const resource = [path.resource, path.subresource].filter(Boolean).join('/');
  return `${verb} ${resource} ${path.name ?? name ?? ''} (${user.name})`;
}

/** As a person would write it. */
export const deployment = (name: string, replicas: number, pod: Partial<Pod['spec']> = {}): Deployment => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name, namespace: 'default' },
  spec: {
    replicas,
    selector: { matchLabels: { app: name } },
    template: {
      metadata: { labels: { app: name } },
      spec: { containers: [{ name: 'web', image: 'nginx:latest' }], ...pod },
    },
  },
});

export const requesting = (cpu: string): Partial<Pod['spec']> => ({
  containers: [{ name: 'web', image: 'nginx:latest', resources: { requests: { cpu } } }],
});

/** Creates them as kubectl would and waits until nothing more happens. */
export async function createIn({ client, clock }: TestMember, ...objects: readonly KubeObject[]): Promise<void> {
  const mapper = restMapper(client, { clock });
  for (const object of objects) {
    const ref = await mapper.forKind(gvkOf(object));
    const namespace = ref.namespaced ? (object.metadata.namespace ?? 'default') : undefined;
    await client
      .resource(ref)
      .create({ ...object, metadata: { ...object.metadata, ...(namespace ? { namespace } : {}) } });
  }
  await clock.settle();
}

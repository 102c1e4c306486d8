/**
 * The durable store alone: `node test/bench/store.ts [objects] [writers]`. Writers wait for each write to be durable;
 * then the store is opened again, parsed whole, and weighed.
 */
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { KubeObject } from '#kube/meta/object.ts';
import { openDataDirectory } from '#server/storage/data-directory.ts';
import type { Store } from '#server/storage/store.ts';
import { systemClock } from '#world/clock/system.ts';
import { systemDisk } from '#world/disk/system.ts';

const [objects = 30_000, writers = 64] = process.argv.slice(2).map(Number);
const selection = { space: 'karmada', resource: 'apps/deployments' };
const milliseconds = (value: number) => `${value.toFixed(value < 10 ? 2 : 0)} ms`;

/** About 2 kB as kubectl apply leaves it: the last-applied annotation and two managers. */
function deployment(index: number): KubeObject {
  const name = `web-${index}`;
  const container = { name: 'nginx', image: 'nginx:1.27', resources: { requests: { cpu: '100m', memory: '64Mi' } } };
  const spec = {
    replicas: 2,
    selector: { matchLabels: { app: name } },
    template: { metadata: { labels: { app: name } }, spec: { containers: [container], restartPolicy: 'Always' } },
  };
  const fields = (names: readonly string[]) => Object.fromEntries(names.map((field) => [`f:${field}`, {}]));
  const owned = {
    'f:metadata': { 'f:annotations': { '.': {}, 'f:kubectl.kubernetes.io/last-applied-configuration': {} } },
    'f:spec': {
      ...fields(['progressDeadlineSeconds', 'replicas', 'revisionHistoryLimit', 'selector']),
      'f:strategy': { 'f:rollingUpdate': { '.': {}, ...fields(['maxSurge', 'maxUnavailable']) }, 'f:type': {} },
      'f:template': {
        'f:metadata': { 'f:labels': { '.': {}, 'f:app': {} } },
        'f:spec': {
          'f:containers': {
            'k:{"name":"nginx"}': {
              '.': {},
              ...fields(['image', 'imagePullPolicy', 'name', 'terminationMessagePath', 'terminationMessagePolicy']),
              'f:resources': { '.': {}, 'f:requests': { '.': {}, ...fields(['cpu', 'memory']) } },
            },
          },
          ...fields([
            'dnsPolicy',
            'restartPolicy',
            'schedulerName',
            'securityContext',
            'terminationGracePeriodSeconds',
          ]),
        },
      },
    },
  };
  const time = '2026-11-22T20:00:00Z';
  const entry = { manager: 'kubectl-client-side-apply', operation: 'Update', apiVersion: 'apps/v1', time };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: {
      name,
      namespace: 'default',
      labels: { app: name },
      annotations: { 'kubectl.kubernetes.io/last-applied-configuration': JSON.stringify(spec) },
      managedFields: [{ ...entry, fieldsType: 'FieldsV1', fieldsV1: owned }],
    },
    spec,
  } as KubeObject;
}

async function write(store: Store): Promise<readonly number[]> {
  const latencies: number[] = [];
  let next = 0;
  const writer = async () => {
    while (next < objects) {
      const index = next++;
      const start = performance.now();
      const outcome = store.create({ ...selection, namespace: 'default', name: `web-${index}` }, deployment(index));
      if (!outcome.ok) throw new Error(outcome.reason);
      await store.durable(outcome.revision);
      latencies.push(performance.now() - start);
    }
  };
  await Promise.all(Array.from({ length: writers }, writer));
  return latencies.sort((a, b) => a - b);
}

async function timed<T>(what: string, run: () => Promise<T>): Promise<T> {
  const start = performance.now();
  const cpu = process.cpuUsage();
  const result = await run();
  const { user, system } = process.cpuUsage(cpu);
  console.log(`${what}: ${milliseconds(performance.now() - start)}, CPU ${milliseconds((user + system) / 1_000)}`);
  return result;
}

function heapPerObject(before: number): string {
  globalThis.gc?.();
  return `${((process.memoryUsage().heapUsed - before) / objects / 1_000).toFixed(2)} kB of heap each`;
}

const path = join(await mkdtemp(join(tmpdir(), 'flotilla-bench-')), 'data');
const open = () => openDataDirectory({ disk: systemDisk, clock: systemClock, path, createdBy: 'flotilla bench' });
try {
  const directory = await open();
  const store = await timed('open a new store', () => directory.openStore({ clock: systemClock }));
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const start = performance.now();
  const latencies = await timed(`create ${objects} durably by ${writers} writers`, () => write(store));
  delay.disable();
  const at = (share: number) => milliseconds(latencies[Math.floor(latencies.length * share)] ?? 0);
  console.log(
    `  ${Math.round((objects / (performance.now() - start)) * 1_000)} a second, p50 ${at(0.5)}, p99 ${at(0.99)}`,
  );
  console.log(`  event loop p99 ${milliseconds(delay.percentile(99) / 1e6)}, max ${milliseconds(delay.max / 1e6)}`);
  await timed('close', () => store.close());
  await directory.release();
  console.log(`  ${((await stat(join(path, 'store', 'data.mdb'))).size / objects / 1_000).toFixed(2)} kB of disk each`);

  globalThis.gc?.();
  const before = process.memoryUsage().heapUsed;
  const again = await open();
  const reopened = await timed('open again', () => again.openStore({ clock: systemClock }));
  console.log(`  ${heapPerObject(before)}`);
  await timed('parse all', async () => reopened.prepare(selection));
  await timed('list all', async () => reopened.list(selection));
  console.log(`  ${heapPerObject(before)}`);
  await reopened.close();
  await again.release();
} finally {
  await rm(join(path, '..'), { recursive: true, force: true });
}

/**
 * A migration as a user makes it, command by command: plan, rehearse, apply, verify, roll back, of applications that run in member1
 * (a Deployment, its Service, ConfigMap, Secret and ServiceAccount). Each command is a process of its own.
 */
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Deployments, Namespaces } from '#apis/kubernetes/types.ts';
import { restMapper } from '#client/mapper/mapper.ts';
import { gvkOf } from '#kube/meta/kind.ts';
import { systemClock } from '#world/clock/system.ts';
import { type Bench, type BenchRun, type Figure, mebibytes, seconds } from '../bench.ts';
import { checklist, follow, within } from '../follow.ts';
import { inParallel } from '../load.ts';
import { patience, settle } from '../migration.ts';
import { application, objectsOfApplication } from '../objects.ts';
import { type Home, makeHome, memberName, type Product, startProduct } from '../product.ts';
import { usageOf } from '../usage.ts';

const defaultCount = 1_000;
const namespaces = 20;
const namespaceOf = (index: number) => `shop-${index % namespaces}`;

/** Applications run before anything is timed. */
async function runApplications(product: Product, count: number): Promise<void> {
  const client = product.client(memberName(0));
  const mapper = restMapper(client, { clock: systemClock });
  for (let i = 0; i < namespaces; i++)
    await client
      .resource(Namespaces)
      .create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespaceOf(i) }, spec: {} });
  const running = checklist(count);
  const following = await follow(client, Deployments, ({ object }) => {
    if (object.status?.readyReplicas === object.spec?.replicas) running.tick(object.metadata.name!);
  });
  await inParallel(count, async (index) => {
    for (const object of application(index, namespaceOf(index)))
      await client.resource(await mapper.forKind(gvkOf(object))).create(object, { fieldManager: 'kubectl-create' });
  });
  await within<unknown>(patience(count), () => `${running.size()} of ${count} run`, running.done, following.failed);
  following.stop();
}

interface Command {
  readonly bench: BenchRun;
  readonly home: Home;
  readonly product: Product;
}

/** Wall time of one command and the peak memory of its own process; lines it prints count as signs of life. */
async function timed({ bench, home, product }: Command, args: readonly string[], fine: readonly number[]) {
  const files = ['karmada.config', 'members.config'].map((name) => join(home.kubeconfigs, name));
  const started = performance.now();
  const server = usageOf(product.pid).cpuSeconds;
  const child = spawn(process.execPath, [bench.program, 'migrate', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, KUBECONFIG: files.join(':') },
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (said += chunk.toString('utf8')));
  let peak = 0;
  const look = setInterval(() => {
    if (child.exitCode === null && child.pid) peak = Math.max(peak, usageOf(child.pid).peakBytes);
  }, 50);
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  clearInterval(look);
  if (!fine.includes(code ?? -1))
    throw new Error(`migrate ${args.join(' ')} ended with ${code}: ${said.slice(-2_000)}`);
  const name = args[0]!;
  return [
    seconds(name, performance.now() - started),
    seconds(`${name}: CPU of the server`, (usageOf(product.pid).cpuSeconds - server) * 1000),
    mebibytes(`${name}: peak memory of the command`, peak),
  ];
}

export const migrateProduct: Bench = {
  name: 'migrate-product',
  summary: '--n objects: migrate plan, rehearse, apply, verify and rollback as commands',
  runs: 1,
  defaultCount,
  run: async (bench) => {
    const count = Math.ceil((bench.options.n ?? defaultCount) / objectsOfApplication);
    const home = await makeHome(bench.options);
    const folder = await mkdtemp(join(tmpdir(), 'flotilla-plan-'));
    const product = await startProduct(bench.program, home, bench.options, false);
    try {
      await runApplications(product, count);
      await settle();
      const command = { bench, home, product };
      const plan = join(folder, 'plan');
      const figures: Figure[] = [];
      const run = async (args: readonly string[], fine: readonly number[] = [0]) => {
        bench.say(`migrate ${args[0]}`);
        figures.push(...(await timed(command, args, fine)));
      };
      await run(['plan', '--from', memberName(0), '--out', plan]);
      await run(['rehearse', plan]);
      await run(['apply', plan, '--yes']);
      await run(['verify', plan]);
      await run(['rollback', plan, '--yes']);
      return [...figures, mebibytes('peak memory of the server', usageOf(product.pid).peakBytes)];
    } finally {
      await product.stop();
      await home.remove();
      await rm(folder, { recursive: true, force: true });
    }
  },
};

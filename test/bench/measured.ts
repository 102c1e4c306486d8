/** One stretch of the server's work, measured from outside. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Events } from '#apis/kubernetes/types.ts';
import type { ApiClient } from '#client/api-client.ts';
import type { BenchRun, Figure } from './bench.ts';
import { mebibytes, seconds } from './bench.ts';
import { controlPlane, type Product } from './product.ts';
import { loopDelay } from './server-metrics.ts';
import { forgetPeak, usageOf } from './usage.ts';

/** Writes so far in all clusters of the process: they share one log, and every revision is a write. */
async function writesSoFar(client: ApiClient): Promise<number> {
  const { metadata } = await client.resource(Events).list({ limit: 1, namespace: 'kube-public' });
  return Number(metadata.resourceVersion);
}

export interface Measured<T> {
  readonly result: T;
  /** Wall time, CPU of the server, its peak memory, the delay of its event loop. */
  readonly figures: readonly Figure[];
  readonly writes: number;
}

/** `what` names the wall time among the figures. */
export async function measured<T>(
  { options, run, say }: BenchRun,
  { pid, client, inspector }: Product,
  what: string,
  work: () => Promise<T>,
): Promise<Measured<T>> {
  const plane = client(controlPlane);
  const writes = await writesSoFar(plane);
  await loopDelay(plane);
  forgetPeak(pid);
  if (inspector) await inspector.startProfile();
  const before = usageOf(pid);
  const started = performance.now();
  const result = await work();
  const took = performance.now() - started;
  const after = usageOf(pid);
  if (inspector && options.profile) {
    mkdirSync(options.profile, { recursive: true });
    const path = join(options.profile, `${what.replaceAll(' ', '-')}-${run}.cpuprofile`);
    await inspector.writeProfile(path);
    say(`profile: ${path}`);
  }
  const figures = [
    seconds(what, took),
    seconds('CPU', (after.cpuSeconds - before.cpuSeconds) * 1000),
    seconds('CPU of the main thread', (after.mainThreadSeconds - before.mainThreadSeconds) * 1000),
    mebibytes('peak memory', after.peakBytes),
    ...(await loopDelay(plane)),
  ];
  return { result, figures, writes: (await writesSoFar(plane)) - writes };
}

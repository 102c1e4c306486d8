/** `up`, `down` and `status` as the command line calls them. Each answers the exit code, or what is to be printed. */

import { restMapper } from '#client/mapper/mapper.ts';
import { createLog } from '#runtime/telemetry/log.ts';
import { sleep } from '#world/clock/clock.ts';
import { systemClock } from '#world/clock/system.ts';
import { openAppend, openOutputFile } from '#world/disk/append.ts';
import { systemDisk } from '#world/disk/system.ts';
import { askToStop, isAlive, machine, runDetached, stopRequested } from '#world/process/process.ts';
import { systemRandom } from '#world/random/system.ts';
import type { ComponentFlags } from '../host/component-flags.ts';
import type { AuditRequest } from './audit.ts';
import type { CallerOptions } from './cluster-server.ts';
import { memberNames } from './places.ts';
import type { Progress } from './progress.ts';
import { type RunRecord, readRunRecord, removeRunRecord, writeRunRecord } from './run-record.ts';
import { logName, outputName, prepareDataDirectory } from './store.ts';
import { type Up, up } from './up.ts';

export interface UpRequest {
  readonly members: number;
  readonly dataDirectory: string;
  readonly kubeconfigFolder: string;
  /** Of the control plane; an error when it is busy. */
  readonly port?: number;
  /** The sample application is made in member1. */
  readonly demo: boolean;
  readonly ephemeral: boolean;
  /** Of the control plane; absent: none is kept. */
  readonly audit?: AuditRequest;
  /** Of the control plane. */
  readonly callers?: CallerOptions;
  readonly componentFlags?: ComponentFlags;
}

export const world = { clock: systemClock, random: systemRandom };
const logFile = (dataDirectory: string) => `${dataDirectory}/${logName}`;

/** How long a detached start or a stop is waited for before we say where to look. */
const patienceMs = 60_000;
const lookMs = 25;

/** Starts everything and answers it, with the record that others find it by. */
export async function startUp(request: UpRequest, progress: Progress): Promise<Up> {
  const { dataDirectory, kubeconfigFolder, members, port, ephemeral } = request;
  const names = memberNames(members);
  await prepareDataDirectory(systemDisk, dataDirectory);
  const log = createLog({
    clock: systemClock,
    format: 'text',
    level: 'info',
    write: openAppend(logFile(dataDirectory)),
  });
  const auditLog =
    request.audit && (await (await import('./audit.ts')).openAudit(request.audit, systemDisk, systemClock, log));
  const started = await up({
    world,
    disk: systemDisk,
    log,
    progress,
    members: names,
    dataDirectory,
    kubeconfigFolder,
    ephemeral,
    ...(port === undefined ? {} : { port }),
    ...(auditLog ? { audit: auditLog.audit } : {}),
    ...(request.callers ? { callers: request.callers } : {}),
    ...(request.componentFlags ? { componentFlags: request.componentFlags } : {}),
  });
  const record = (ready: boolean): RunRecord => ({
    pid: machine.pid,
    startedAt: systemClock.now(),
    kubeconfigFolder,
    contexts: started.contexts,
    ready,
    ...(started.held.length > 0 ? { held: started.held } : {}),
  });
  await writeRunRecord(systemDisk, dataDirectory, record(false));
  await started.ready;
  await writeRunRecord(systemDisk, dataDirectory, record(true));
  return {
    ...started,
    stop: async () => {
      await started.stop();
      await auditLog?.close();
      await removeRunRecord(systemDisk, dataDirectory);
    },
  };
}

/** Runs in the foreground until it is asked to stop. */
export async function runUp(request: UpRequest, progress: Progress): Promise<number> {
  const running = await startUp(request, progress);
  if (request.demo) {
    const { readScenario, createAll } = await import('../demo/scenario.ts');
    const client = running.client('member1', 'kubectl');
    const objects = await readScenario(systemDisk, 'demo');
    await createAll(client, restMapper(client, world), objects);
    progress.done(`The sample application is made in member1: ${objects.length} objects`);
  }
  for (const each of running.held) progress.note(each);
  const kept = request.ephemeral ? 'nothing is kept' : 'everything is kept in the data directory';
  progress.note(`Ctrl-C stops it; ${kept}`);
  await stopRequested();
  await running.stop();
  return 0;
}

/** Starts it as a process of its own and answers its record once it is Ready; one that runs already is answered as it is. */
export async function startDetached(
  request: UpRequest,
  args: readonly string[],
): Promise<{ readonly record: RunRecord; readonly already: boolean }> {
  const { dataDirectory } = request;
  const existing = await readRunRecord(systemDisk, dataDirectory);
  if (existing?.ready) return { record: existing, already: true };
  await prepareDataDirectory(systemDisk, dataDirectory);
  const { descriptor, path } = openOutput(dataDirectory);
  const child = runDetached(args, descriptor);
  let exitCode: number | undefined;
  void child.ended.then((code) => {
    exitCode = code;
  });
  const until = systemClock.monotonic() + patienceMs;
  for (;;) {
    const record = await readRunRecord(systemDisk, dataDirectory);
    if (record?.ready) return { record, already: false };
    if (exitCode !== undefined) throw new Error(await lastWords(path));
    if (systemClock.monotonic() > until) throw new Error(`it is not Ready after ${patienceMs / 1000} s; see ${path}`);
    await sleep(systemClock, lookMs);
  }
}

function openOutput(dataDirectory: string): { readonly descriptor: number; readonly path: string } {
  const path = `${dataDirectory}/${outputName}`;
  return { descriptor: openOutputFile(path), path };
}

/** What the process said last: its error sentence. */
async function lastWords(path: string): Promise<string> {
  const lines = ((await systemDisk.readText(path)) ?? '').trim().split('\n');
  return lines.at(-1)?.replace(/^error: /, '') || `it ended at once and said nothing; see ${path}`;
}

/** Undefined: nothing was running. */
export async function runDown(dataDirectory: string): Promise<RunRecord | undefined> {
  const record = await readRunRecord(systemDisk, dataDirectory);
  if (!record) return undefined;
  askToStop(record.pid);
  const until = systemClock.monotonic() + patienceMs;
  while (isAlive(record.pid)) {
    if (systemClock.monotonic() > until)
      throw new Error(
        `process ${record.pid} has not ended after ${patienceMs / 1000} s; see ${logFile(dataDirectory)}`,
      );
    await sleep(systemClock, lookMs);
  }
  return record;
}

export const runningIn = (dataDirectory: string): Promise<RunRecord | undefined> =>
  readRunRecord(systemDisk, dataDirectory);

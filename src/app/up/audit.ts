/** The audit log of the control plane, as flags of `up` ask for it; loaded only where they do. */
import type { Log } from '#runtime/telemetry/log.ts';
import { type Audit, createAudit } from '#server/audit/audit.ts';
import { type AuditPolicy, PolicyError, parsePolicy } from '#server/audit/policy.ts';
import type { Clock } from '#world/clock/clock.ts';
import type { Disk } from '#world/disk/disk.ts';
import { openRotating } from '#world/disk/rotating.ts';

/** As kube-apiserver's flags of these names mean it. */
export interface AuditRequest {
  readonly policyFile: string;
  readonly logPath: string;
  /** Megabytes; 0: lumberjack's default. */
  readonly maxSize: number;
  /** Days; 0: for ever. */
  readonly maxAge: number;
  /** 0: all of them. */
  readonly maxBackup: number;
}

export interface AuditLog {
  readonly audit: Audit;
  /** Resolves when everything is written. */
  readonly close: () => Promise<void>;
}

const megabyte = 1024 * 1024;
const dayMs = 86_400_000;
const defaultMegabytes = 100;

/** Lost lines are told at most this often: the disk that loses them holds our own log, too. */
const lossToldMs = 10_000;

async function policyOf(disk: Disk, path: string): Promise<AuditPolicy> {
  const text = await disk.readText(path);
  if (text === undefined) throw new Error(`--audit-policy-file: there is no file ${path}`);
  try {
    return parsePolicy(text);
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error;
    throw new Error(`--audit-policy-file: ${path} cannot be used: ${error.message}`);
  }
}

/** Throws an Error whose sentence says which flag is wrong. */
export async function openAudit(request: AuditRequest, disk: Disk, clock: Clock, log: Log): Promise<AuditLog> {
  const policy = await policyOf(disk, request.policyFile);
  let lost = 0;
  let told = Number.NEGATIVE_INFINITY;
  const onLost = (lines: number, why: string) => {
    lost += lines;
    if (clock.monotonic() - told < lossToldMs) return;
    told = clock.monotonic();
    log.error('Audit events are lost', new Error(why), { path: request.logPath, events: lost });
    lost = 0;
  };
  const file = openRotating({
    path: request.logPath,
    maxBytes: (request.maxSize || defaultMegabytes) * megabyte,
    maxBackups: request.maxBackup,
    maxAgeMs: request.maxAge * dayMs,
    now: () => clock.now(),
    onLost,
  });
  return { audit: createAudit({ policy, clock, write: file.write }), close: file.flushed };
}

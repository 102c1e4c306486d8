/**
 * Our audit log says what that of a real kube-apiserver has said of the same requests (events.jsonl), event by event.
 * With FLOTILLA_RECORD the real one is asked, and what it says is kept.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { doorTo } from '#harness/exchange.ts';
import { startOwnKubernetes } from '#harness/own-kubernetes.ts';
import { absentBinaries } from '#harness/real-binaries.ts';
import { startRealKubernetes } from '#harness/real-kubernetes.ts';
import { until } from '#harness/until.ts';
import type { JsonObject } from '#kube/meta/object.ts';
import { createAudit } from '#server/audit/audit.ts';
import { parsePolicy } from '#server/audit/policy.ts';
import { systemClock } from '#world/clock/system.ts';
import { comparable, named } from './events.ts';
import { askAll, policy } from './requests.ts';

const kept = join(import.meta.dirname, 'events.jsonl');

const linesOf = (text: string) => text.trimEnd().split('\n');

it.runIf(process.env.FLOTILLA_RECORD !== undefined && absentBinaries().length === 0)(
  'is recorded',
  { timeout: 120_000 },
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'flotilla-audit-'));
    const [policyFile, log] = [join(folder, 'policy.yaml'), join(folder, 'audit.log')];
    writeFileSync(policyFile, policy);
    const flags = { 'audit-policy-file': policyFile, 'audit-log-path': log };
    const real = await startRealKubernetes({ flags });
    const door = doorTo(real.access);
    try {
      const count = await askAll(door);
      const last = `"auditID":"audit-${count}","stage":"ResponseComplete"`;
      await until('the last event', async () => readFileSync(log, 'utf8').includes(last));
      const events = comparable(linesOf(readFileSync(log, 'utf8')));
      writeFileSync(kept, events.map((event) => `${JSON.stringify(event)}\n`).join(''));
    } finally {
      await door.close();
      await real.stop();
      rmSync(folder, { recursive: true });
    }
  },
);

it('says what a real one says', async () => {
  const lines: string[] = [];
  const audit = createAudit({ policy: parsePolicy(policy), clock: systemClock, write: (line) => lines.push(line) });
  const own = await startOwnKubernetes(undefined, audit);
  const door = doorTo(own.access);
  try {
    const count = await askAll(door);
    const last = `"auditID":"audit-${count}","stage":"ResponseComplete"`;
    await until('the last event', async () => lines.some((line) => line.includes(last)));
    const expected = linesOf(readFileSync(kept, 'utf8')).map((line) => JSON.parse(line) as JsonObject);
    const events = comparable(lines);
    expect(events.map(named)).toEqual(expected.map(named));
    for (const [index, event] of expected.entries()) expect.soft(events[index], named(event)).toEqual(event);
  } finally {
    await door.close();
    await own.stop();
  }
});

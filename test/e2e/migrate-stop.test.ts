/** Ctrl-C in the middle of `migrate apply` and `migrate rollback`: they end at a safe point, say where, and go on later. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Finished, runProgram, type StartedCommand, start } from '#harness/command.ts';
import { flotilla } from '#harness/program.ts';
import { newHome, type RunningUp, runningUp } from '#harness/running-up.ts';
import { until } from '#harness/until.ts';
import type { MigrationRecord } from '#migrate/record/record.ts';

const home = newHome();
const plan = join(home.folder, 'shop');
const policies = join(plan, 'policies', '02-configuration.yaml');
let up: RunningUp;

beforeAll(async () => {
  up = await runningUp(home);
  const names = Array.from({ length: 5 }, (_, i) => `settings-${i}`);
  const of = (kind: string, metadata: object) => ({ apiVersion: 'v1', kind, metadata });
  const objects = [
    of('Namespace', { name: 'shop' }),
    ...names.map((name) => of('ConfigMap', { namespace: 'shop', name })),
  ];
  await says('apply --context member1 -f -', objects.map((object) => JSON.stringify(object)).join('\n---\n'));
  await says(`migrate plan --from member1 -n shop --out ${plan}`);
});

afterAll(async () => {
  await up.stop();
  home.remove();
});

const environment = home.environment;

async function run(words: string, input = ''): Promise<Finished> {
  const { node, script } = await flotilla();
  return runProgram(node, [script, ...words.split(' ')], { environment, input });
}

/** Its output; fails with its own words. */
async function says(words: string, input = ''): Promise<string> {
  const { code, output, errors } = await run(words, input);
  if (code !== 0) throw new Error(errors);
  return output;
}

async function begin(words: string): Promise<StartedCommand> {
  const { node, script } = await flotilla();
  return start(node, [script, ...words.split(' ')], { environment });
}

/** Somebody works on the second wave, which cannot come to its end. */
const stuck = (state: string) =>
  until(`wave 2 is ${state}`, async () => {
    const { code, output } = await run(`migrate status ${plan} -o json`);
    const record = code === 0 ? (JSON.parse(output) as MigrationRecord) : undefined;
    return record?.holder !== undefined && record.waves[1]!.state === state;
  });

const edit = (from: string, to: string) => writeFileSync(policies, readFileSync(policies, 'utf8').replace(from, to));

test('Ctrl-C ends an apply and a rollback at a safe point, twice at once, and both go on', async () => {
  edit('- member1', '- nowhere');
  const applying = await begin(`migrate apply ${plan} --yes --wave-size 2`);
  await stuck('applying');
  applying.signal('SIGINT');
  const { code, output, errors } = await applying.ended;
  expect([code, errors]).toEqual([
    2,
    expect.stringContaining('stopping at the next safe point; once more ends at once'),
  ]);
  expect(output).toContain('Stopped in wave 2: stopped as it was asked to; 1 of 6 objects are taken over and stay so');
  expect(output).toContain(`Go on: flotilla migrate apply ${plan} --resume`);

  const twice = await begin(`migrate apply ${plan} --yes --resume`);
  await stuck('applying');
  // Two signals of a kind at once would be one.
  twice.signal('SIGINT');
  twice.signal('SIGTERM');
  expect((await twice.ended).code).toBe(130);
  expect(await says(`migrate status ${plan} --watch`)).toContain(`Go on: flotilla migrate apply ${plan} --resume`);
  edit('- nowhere', '- member1');
  expect(await says(`migrate apply ${plan} --yes --resume`)).toContain('6 of 6 objects are taken over');

  const held = (finalizers: readonly string[]) =>
    says(`patch configmap settings-3 -n shop --type merge -p ${JSON.stringify({ metadata: { finalizers } })}`);
  await held(['example.com/held']);
  const rollingBack = await begin(`migrate rollback ${plan} --yes`);
  await stuck('rolling-back');
  rollingBack.signal('SIGINT');
  const stopped = await rollingBack.ended;
  expect(stopped.code).toBe(2);
  expect(stopped.output).toContain('then stopped as it was asked to');
  expect(stopped.output).toContain(`Next, to go on: flotilla migrate rollback ${plan}`);
  await held([]);
  expect(await says(`migrate rollback ${plan} --yes`)).toContain('rolled back');
  expect(await says(`migrate list`)).toMatch(/shop +member1 +member1 +rolled-back +0\/2 +0\/6/);
});

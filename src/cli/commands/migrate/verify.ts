/**
 * `migrate verify`: is everything as it was, and under management? Exit code 2: it is not, or a cluster could not be
 * looked into. With `--check`: does a report belong to this folder, and is it as it was written?
 */
import { resolve } from 'node:path';
import { parseYaml, toYaml } from '#kube/yaml/yaml.ts';
import { readPlan } from '#migrate/directory/directory.ts';
import { planFile } from '#migrate/directory/files.ts';
import { type EvidenceKey, evidenceKeyName, readEvidenceKey } from '#migrate/evidence/key.ts';
import { evidencePath, hasEvidence, readEvidence, writeEvidence } from '#migrate/evidence/store.ts';
import type { MigrationPlan } from '#migrate/model.ts';
import { readRecord } from '#migrate/record/store.ts';
import { verificationPage } from '#migrate/verify/page.ts';
import { faultsOf, type Inputs, isSuperseded, type Report, reportOf } from '#migrate/verify/report.ts';
import { verifyPlan } from '#migrate/verify/run.ts';
import { sha256 } from '#world/certificates/digest.ts';
import type { Call } from '../../command.ts';
import { openSession, type Session } from '../../connection/session.ts';
import { CommandError } from '../../failure.ts';
import { colours } from '../../output/colour.ts';
import { toJson } from '../../output/json.ts';
import { migrateCommand } from '../../output/migrate-commands.ts';
import { liveLine } from '../../output/progress.ts';
import { verificationReport } from '../../output/verification-report.ts';
import { memberOf } from './members.ts';

const differsCode = 2;
/** For people and version control as the rest of the folder. */
const mode = 0o644;

const hex = (text: string): string => sha256(text).toString('hex');

export async function run(call: Call): Promise<number> {
  const { around, flags, words } = call;
  const output = flags.text('output');
  if (!['', 'json', 'yaml'].includes(output)) throw new CommandError("--output must be 'json' or 'yaml'");
  const [given, ...more] = words;
  if (given === undefined || more.length > 0) throw new CommandError('which plan? give one folder: migrate verify DIR');
  const folder = resolve(given);
  const plan = await readPlan(around.disk, folder);
  const control = await openSession(call);
  const key = await keyOf(call, control, plan, given);
  if (flags.given('check')) return check(call, folder, key, flags.text('check'));
  const report = await verify(call, control, plan, folder, key);
  const paint = colours(around.output.interactive, around.environment);
  if (output === 'json') around.output.write(toJson(report));
  else if (output === 'yaml') around.output.write(toYaml(report));
  else around.output.write(verificationReport(report, given, paint));
  return report.proven ? 0 : differsCode;
}

/** What is missing, and why: nothing was applied, or a file or the key has been lost since. */
async function keyOf({ around }: Call, { client }: Session, plan: MigrationPlan, given: string): Promise<EvidenceKey> {
  const { name } = plan.metadata;
  const [there, record, key] = [
    await hasEvidence(around.disk, resolve(given), 'before'),
    await readRecord(client, name),
    await readEvidenceKey(client, name),
  ];
  if (!there && record) {
    throw new CommandError(
      `${evidencePath(given, 'before')} is missing, though apply took it at ${record.startedAt}: bring it back from version control or a backup; without it nobody can say how it was before`,
    );
  }
  if (!there) {
    throw new CommandError(
      `${given} has no evidence of how it was before: migrate apply takes it, and nothing was applied from here yet; next: ${migrateCommand('apply', given)}`,
    );
  }
  if (!key) {
    const { namespace, name: secret } = evidenceKeyName(name);
    throw new CommandError(
      `the control plane has no key to this evidence (Secret ${namespace}/${secret}): is it the one it was applied to? name another with --context`,
    );
  }
  return key;
}

async function verify(
  call: Call,
  control: Session,
  plan: MigrationPlan,
  folder: string,
  key: EvidenceKey,
): Promise<Report> {
  const { around } = call;
  const before = await readEvidence(around.disk, folder, 'before', key);
  const line = liveLine(around);
  const { result, after } = await verifyPlan({
    plan,
    before: before!.set,
    control,
    member: memberOf(call, control, plan),
    clock: around.clock,
    key,
    progress: (cluster, done, total) => line.show(`looking at ${cluster}: ${done} of ${total}`),
  });
  line.clear();
  const text = await writeEvidence(around.disk, folder, 'after', after, key);
  const plans = (await around.disk.readText(`${folder}/${planFile}`)) ?? '';
  const report = reportOf(result, inputsOf(plans, before!.text, text), key, hex);
  await around.disk.write(`${folder}/evidence/report.json`, toJson(report), { mode });
  await around.disk.write(`${folder}/evidence/report.html`, verificationPage(report, plan, after), { mode });
  return report;
}

const inputsOf = (plan: string, before: string, after: string): Inputs => ({
  [planFile]: hex(plan),
  'evidence/before.json': hex(before),
  'evidence/after.json': hex(after),
});

async function check({ around, flags }: Call, folder: string, key: EvidenceKey, path: string): Promise<number> {
  const { disk, output } = around;
  const text = await disk.readText(resolve(path));
  if (text === undefined)
    throw new CommandError(`there is no ${path}; verify keeps its own as ${folder}/evidence/report.json`);
  const [plan, before, after] = await Promise.all(
    [`${folder}/${planFile}`, evidencePath(folder, 'before'), evidencePath(folder, 'after')].map(
      async (each) => (await disk.readText(each)) ?? '',
    ),
  );
  const report = parsed(text, path);
  const inputs = inputsOf(plan!, before!, after!);
  const faults = faultsOf(report, inputs, key);
  const code = faults.length === 0 ? 0 : differsCode;
  const { verdict, after: at } = (report ?? {}) as Partial<Report>;
  const superseded = faults.length === 0 && isSuperseded(report as Report, inputs);
  const shape = flags.text('output');
  if (shape !== '') {
    const shown = { report: path, belongs: code === 0, faults, ...(code === 0 ? { at, verdict, superseded } : {}) };
    output.write(shape === 'json' ? toJson(shown) : toYaml(shown));
    return code;
  }
  const paint = colours(output.interactive, around.environment);
  if (code === 0) {
    const since = superseded ? ' The cluster has been looked at again since.' : '';
    output.write(
      `${paint.good(`${path} belongs to this folder, and is as it was written at ${at}.`)}${since}\n${verdict}\n`,
    );
    return code;
  }
  output.write(`${paint.bad(`${path} proves nothing:`)}\n${faults.map((fault) => `  ${fault}\n`).join('')}`);
  return code;
}

function parsed(text: string, path: string): unknown {
  try {
    return text.trimStart().startsWith('{') ? JSON.parse(text) : parseYaml(text);
  } catch (error) {
    throw new CommandError(`${path} is neither JSON nor YAML: ${(error as Error).message}`);
  }
}

/** `migrate rollback DIR`: gives back what a plan has taken over. Exit code 2: something waits, failed, or is still to be done. */
import { resolve } from 'node:path';
import { toYaml } from '#kube/yaml/yaml.ts';
import { planFile } from '#migrate/directory/files.ts';
import { type MigrationPlan, referenceOf } from '#migrate/model.ts';
import { staysHome } from '#migrate/plan/placing.ts';
import type { LookOptions } from '#migrate/rollback/options.ts';
import { rollBackRecorded } from '#migrate/rollback/recorded.ts';
import { previewRollback } from '#migrate/rollback/run.ts';
import { type RollbackScope, type WaveOfObjects, wavesOf } from '#migrate/rollback/scope.ts';
import { sha256 } from '#world/certificates/digest.ts';
import type { Call } from '../../command.ts';
import { confirmed } from '../../confirm.ts';
import { kindsIn } from '../../connection/meaning.ts';
import { openSession } from '../../connection/session.ts';
import { CommandError } from '../../failure.ts';
import { applyProgress } from '../../output/apply-screen.ts';
import { colours } from '../../output/colour.ts';
import { toJson } from '../../output/json.ts';
import { migrateCommand, planCommand } from '../../output/migrate-commands.ts';
import { liveLine } from '../../output/progress.ts';
import { dataLost, previewReport, rollbackReport } from '../../output/rollback-report.ts';
import { hasPlan, planToUndo } from './folder.ts';
import { holderOf, isDeadHere, stopSwitch } from './holding.ts';
import { memberOf } from './members.ts';

const leftCode = 2;

export async function run(call: Call): Promise<number> {
  const { around, flags } = call;
  const { given, output, scope } = asked(call);
  const control = await openSession(call);
  const plan = await planToUndo(call, given, control);
  const waves = wavesOf(plan, scope);
  const { systemRandom } = await import('#world/random/system.ts');
  const kinds = await kindsIn(call, control);
  try {
    const look: LookOptions = {
      plan,
      control,
      member: memberOf(call, control, plan),
      kindOf: kinds.kindOf,
      clock: around.clock,
      random: systemRandom,
      removeCopies: flags.on('remove-copies'),
    };
    const paint = colours(around.output.interactive, around.environment);
    const shape = (result: object, text: string) =>
      output === '' ? text : output === 'json' ? toJson(result) : toYaml(result);
    if (flags.on('dry-run')) {
      const line = liveLine(around);
      const previews = await previewRollback(look, waves, (done) => line.show(`looking: ${done} objects`));
      line.clear();
      const shown = previews.map(({ object, ...rest }) => ({ object: referenceOf(object), ...rest }));
      around.output.write(shape({ objects: shown }, previewReport(previews, commandOf(call, given), paint)));
      return 0;
    }
    const lost = look.removeCopies ? dataLost(await previewRollback(look, holdingData(waves), () => {})) : [];
    for (const line of lost) around.errors.write(`${line}\n`);
    if (!(await confirmed(call, question(plan, waves, look.removeCopies)))) {
      around.output.write('Nothing was written.\n');
      return leftCode;
    }
    const result = await perform(call, look, waves, resolve(given), scope);
    const whole = scope.object === undefined && scope.wave === undefined;
    // Without its folder, a plan is made anew first.
    const again = (await hasPlan(around.disk, given))
      ? migrateCommand('apply', given, ...(whole ? [] : ['--resume']))
      : planCommand(plan.spec, given);
    const shown = result.objects.map(({ object, ...rest }) => ({ object: referenceOf(object), ...rest }));
    around.output.write(
      shape({ ...result, objects: shown }, rollbackReport(result, again, commandOf(call, given), paint)),
    );
    const isOver = result.objects.every(({ is }) => is === 'restored' || is === 'untouched');
    return isOver && !result.stopped ? 0 : leftCode;
  } finally {
    kinds.stop();
  }
}

/** Of each wave what may hold data of its own. */
const holdingData = (waves: readonly WaveOfObjects[]): readonly WaveOfObjects[] =>
  waves
    .map((wave) => ({ ...wave, objects: wave.objects.filter(staysHome) }))
    .filter(({ objects }) => objects.length > 0);

function asked({ flags, words }: Call) {
  const [given, ...more] = words;
  const output = flags.text('output');
  if (given === undefined || more.length > 0)
    throw new CommandError('which plan? give one folder: migrate rollback DIR');
  if (!['', 'json', 'yaml'].includes(output)) throw new CommandError("--output must be 'json' or 'yaml'");
  if (flags.given('wave') && flags.given('object')) throw new CommandError('give --wave or --object, not both');
  const scope: RollbackScope = {
    ...(flags.given('wave') ? { wave: flags.number('wave') } : {}),
    ...(flags.given('object') ? { object: flags.text('object') } : {}),
  };
  return { given, output, scope };
}

/** The same command again, without what only looks. */
function commandOf({ flags }: Call, given: string): string {
  return [
    migrateCommand('rollback', given),
    ...(flags.given('wave') ? [`--wave ${flags.number('wave')}`] : []),
    ...(flags.given('object') ? [`--object ${flags.text('object')}`] : []),
    ...(flags.on('remove-copies') ? ['--remove-copies'] : []),
  ].join(' ');
}

function question({ spec }: MigrationPlan, waves: readonly WaveOfObjects[], removeCopies: boolean): string {
  const objects = waves.reduce((sum, wave) => sum + wave.objects.length, 0);
  const others = spec.to.filter((name) => name !== spec.from.cluster).join(', ');
  const copies =
    others === '' ? '' : removeCopies ? `, and delete their copies in ${others}` : `; copies in ${others} stay`;
  const what = objects === 1 ? referenceOf(waves[0]!.objects[0]!) : `${objects} objects`;
  return `Give ${what} back to ${spec.from.cluster}${copies}?`;
}

async function perform(
  call: Call,
  look: LookOptions,
  waves: readonly WaveOfObjects[],
  folder: string,
  scope: RollbackScope,
) {
  const { around, flags } = call;
  const progress = applyProgress(around);
  try {
    return await rollBackRecorded({
      ...look,
      waves,
      whole: scope.wave === undefined && scope.object === undefined,
      timeoutMs: flags.milliseconds('timeout'),
      stopping: stopSwitch(progress.tell),
      hash: sha256((await around.disk.readText(`${folder}/${planFile}`)) ?? '').toString('hex'),
      holder: holderOf('rollback'),
      isDead: isDeadHere,
      show: (record, wave, doing) => progress.show({ waves: record.waves, wave, doing, failed: [] }),
      tell: progress.tell,
    });
  } finally {
    progress.end();
  }
}

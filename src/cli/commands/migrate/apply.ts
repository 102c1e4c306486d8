/** `migrate apply DIR`: takes over what a plan says. Exit code 2: paused, or rolled back. */
import { resolve } from 'node:path';
import { toYaml } from '#kube/yaml/yaml.ts';
import type { Outcome } from '#migrate/apply/options.ts';
import { applyPlan, StalePlan } from '#migrate/apply/run.ts';
import { type ApplySettings, refusedByPlan, type Schedule } from '#migrate/apply/schedule.ts';
import { asBefore } from '#migrate/evidence/as-before.ts';
import { ensureEvidenceKey } from '#migrate/evidence/key.ts';
import { hasEvidence, writeEvidence } from '#migrate/evidence/store.ts';
import { type TakeAllOptions, takeAllEvidence } from '#migrate/evidence/take-all.ts';
import { type MigrationPlan, type PlannedObject, referenceOf, titleOf } from '#migrate/model.ts';
import { rollBackWave } from '#migrate/rollback/recorded.ts';
import type { Random } from '#world/random/random.ts';
import type { Call } from '../../command.ts';
import { confirmed } from '../../confirm.ts';
import { openCluster } from '../../connection/cluster.ts';
import { interpreterIn, kindsIn } from '../../connection/meaning.ts';
import { openSession, type Session } from '../../connection/session.ts';
import { CommandError } from '../../failure.ts';
import { applyProgress, applyReport } from '../../output/apply-screen.ts';
import { colours } from '../../output/colour.ts';
import { toJson } from '../../output/json.ts';
import { migrateCommand, planAgain } from '../../output/migrate-commands.ts';
import { readFolder } from './folder.ts';
import { holderOf, isDeadHere, stopSwitch } from './holding.ts';
import { memberOf } from './members.ts';

const stoppedCode = 2;

export async function run(call: Call): Promise<number> {
  const { around } = call;
  const { given, output, settings } = asked(call);
  const folder = resolve(given);
  const { plan, ...content } = await readFolder(call, folder);
  const control = await openSession(call);
  const cluster = await openCluster(call, control, plan.spec.from.cluster);
  const { systemRandom } = await import('#world/random/system.ts');
  const kinds = await kindsIn(call, cluster);
  const progress = applyProgress(around);
  const member = memberOf(call, control, plan);
  let begun = false;
  try {
    const outcome = await applyPlan({
      plan,
      ...content,
      control,
      from: { ...cluster, cluster: cluster.name, kindOf: kinds.kindOf },
      member,
      interpreter: await interpreterIn(call, control),
      ...(await evidenceDoors(call, { folder, plan, control, member, random: systemRandom })),
      clock: around.clock,
      random: systemRandom,
      settings,
      holder: holderOf('apply'),
      isDead: isDeadHere,
      stopping: stopSwitch(progress.tell),
      confirm: async (schedule, edited) => {
        progress.end();
        begun = await confirmed(call, question(plan, schedule, edited));
        return begun;
      },
      rollBack: (wave, task) =>
        rollBackWave(
          {
            plan,
            control,
            member,
            kindOf: kinds.kindOf,
            clock: around.clock,
            random: systemRandom,
            removeCopies: false,
          },
          wave,
          { ...task, timeoutMs: settings.timeoutMs },
        ),
      show: progress.show,
      tell: progress.tell,
    });
    progress.end();
    const paint = colours(around.output.interactive, around.environment);
    if (output === '') around.output.write(applyReport(outcome, given, refusedByPlan(plan), paint));
    else around.output.write(output === 'json' ? toJson(shown(outcome)) : toYaml(shown(outcome)));
    return outcome.is === 'applied' || outcome.is === 'already' ? 0 : stoppedCode;
  } catch (error) {
    progress.end();
    if (begun)
      around.errors.write(`what is taken over stays so; go on: ${migrateCommand('apply', given, '--resume')}\n`);
    if (error instanceof StalePlan)
      throw new CommandError(`${error.message}\nmake it anew: ${planAgain(plan.spec, given)}`);
    throw error;
  } finally {
    kinds.stop();
  }
}

function asked({ flags, words }: Call) {
  const [given, ...more] = words;
  const output = flags.text('output');
  if (given === undefined || more.length > 0) throw new CommandError('which plan? give one folder: migrate apply DIR');
  if (!['', 'json', 'yaml'].includes(output)) throw new CommandError("--output must be 'json' or 'yaml'");
  const settings: ApplySettings = {
    ...(flags.given('wave-size') ? { waveSize: flags.number('wave-size') } : {}),
    ...(flags.given('pause-after') ? { pauseAfter: flags.number('pause-after') } : {}),
    maxFailures: flags.number('max-failures'),
    resume: flags.on('resume'),
    allowedRestarts: flags.texts('allow-restart'),
    dropped: flags.texts('drop'),
    overwritten: flags.texts('overwrite'),
    timeoutMs: flags.milliseconds('timeout'),
  };
  return { given, output, settings };
}

const counted = (number: number, what: string): string => `${number} ${what}${number === 1 ? '' : 's'}`;

/** Edited objects named in the question. */
const mostNamed = 10;

function question({ spec }: MigrationPlan, { waves, leftOut }: Schedule, edited: readonly PlannedObject[]): string {
  const objects = waves.reduce((total, { batches }) => total + batches.flat().length, 0);
  const names = edited.slice(0, mostNamed).map(titleOf).join(', ');
  return [
    ...(edited.length > 0
      ? [
          `${edited.length} templates were edited since the plan, and checked again: ${names}${edited.length > mostNamed ? ', …' : ''}`,
        ]
      : []),
    ...(leftOut.length > 0 ? [`${leftOut.length} objects are left out, for their Pods would restart`] : []),
    `Take over ${counted(objects, 'object')} of ${spec.from.cluster} in ${counted(waves.length, 'wave')}?`,
  ].join('\n');
}

interface EvidenceGround extends Pick<TakeAllOptions, 'plan' | 'member'> {
  readonly folder: string;
  readonly control: Session;
  readonly random: Random;
}

/** Evidence is of before the first write: later runs must not take what they did for it. */
async function evidenceDoors({ around: { disk, clock } }: Call, ground: EvidenceGround) {
  const { folder, plan, control, member, random } = ground;
  const { name } = plan.metadata;
  const { cluster } = plan.spec.from;
  return {
    isAsBefore: await asBefore({ disk, folder, control: control.client, plan: name, cluster }),
    keepEvidence: async (begun: boolean) => {
      if (begun && (await hasEvidence(disk, folder, 'before'))) return;
      const key = await ensureEvidenceKey(control.client, name, random);
      await writeEvidence(disk, folder, 'before', await takeAllEvidence({ plan, member, clock, key }), key);
    },
  };
}

/** For programs: names in place of the plan's objects. */
function shown(outcome: Outcome) {
  if (outcome.is === 'declined') return { outcome: outcome.is };
  const { is, record } = outcome;
  if (is === 'already') return { outcome: is, record };
  const leftOut = outcome.leftOut.map(({ object, why }) => ({ object: referenceOf(object), why }));
  return { outcome: is, ...(outcome.why ? { why: outcome.why } : {}), leftOut, record };
}

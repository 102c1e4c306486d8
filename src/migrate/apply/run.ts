/**
 * A plan is executed: checked as a whole before anything is written, then wave by wave, with the record of it in the
 * control plane. It may be killed at any instruction: what is there tells how to go on.
 */
import { timestamp } from '#world/clock/clock.ts';
import { type PlannedObject, referenceOf, titleOf } from '../model.ts';
import { type Held, hold } from '../record/lock.ts';
import { type MigrationRecord, stateOf } from '../record/record.ts';
import { readRecord } from '../record/store.ts';
import { type Beginning, beginWith, interrupted, isFinished, unfinishedRollback } from './begin.ts';
import { type Checked, type CheckOptions, checkObjects, type Stale } from './check.ts';
import { checkClusters } from './clusters.ts';
import { othersOf } from './elsewhere.ts';
import { execute, takeBack } from './execute.ts';
import type { ApplyOptions, Outcome } from './options.ts';
import { checkSettings, type Schedule, scheduleOf } from './schedule.ts';
import { limited } from './words.ts';

/** Raised for a plan that is not what the cluster is any more, with the objects that changed. */
export class StalePlan extends Error {
  override readonly name = 'StalePlan';
}

/** Throws StalePlan, NotNow, ClusterRefused, SettingsError, HeldByAnother; nothing was written then. */
export async function applyPlan(options: ApplyOptions): Promise<Outcome> {
  const { plan, hash, settings, control, from, clock, tell } = options;
  const { name } = plan.metadata;
  checkSettings(plan, settings);
  const beginning = (): Beginning => ({ plan, hash, settings, now: timestamp(clock.now()) });
  const there = await readRecord(control.client, name);
  // A rollback that was begun goes on whatever is away.
  if (!there || unfinishedRollback(there) === undefined) await checkClusters(control.client, from.client, plan);
  if (there && isFinished(there, beginning())) return { is: 'already', record: there };
  if (there && there.hash !== hash && !isOver(there)) {
    tell(`plan ${name} was begun at ${there.startedAt} with another plan.yaml; what that one took over stays so`);
  }
  const record = beginWith(there, beginning());
  if (unfinishedRollback(record) === undefined) {
    const schedule = scheduleOf(plan, settings, record);
    const edited = await checkWhole(options, record, schedule);
    if (!(await options.confirm(schedule, edited))) return { is: 'declined' };
  }
  const held = await hold({
    control: control.client,
    plan: name,
    holder: options.holder,
    isDead: options.isDead,
    clock,
    waiting: (holder) => tell(`${holder} has worked on this migration; waiting to see whether it still does`),
    begin: (now) => beginWith(now, beginning()),
  });
  try {
    return await goOn(options, held, beginning());
  } catch (error) {
    await held.change((each) => interrupted(each, error, timestamp(clock.now()))).catch(() => {});
    throw error;
  } finally {
    await held.release();
  }
}

/** Nothing of it is taken over. */
const isOver = (record: MigrationRecord): boolean => ['rolled-back', 'pending'].includes(stateOf(record));

/** From the record as its holder has it: another process may have gone on while this one waited. */
async function goOn(options: ApplyOptions, held: Held, beginning: Beginning): Promise<Outcome> {
  const record = held.record();
  if (isFinished(record, beginning)) return { is: 'already', record };
  // From here on Ctrl-C waits for a safe point.
  options.stopping();
  const rollingBack = unfinishedRollback(record);
  if (rollingBack) {
    const { number, why = 'its rollback had begun', removesCopies = false } = rollingBack;
    return takeBack(options, held, number, why, removesCopies || (record.copies ?? []).length > 0);
  }
  const check = await checkOptionsOf(options, record);
  return execute(options, check, held, scheduleOf(options.plan, options.settings, record));
}

const checkOptionsOf = async (
  options: ApplyOptions,
  { allowedRestarts, dropped, overwritten = [] }: MigrationRecord,
): Promise<CheckOptions> => ({
  plan: options.plan.metadata.name,
  from: options.from,
  control: options.control,
  interpreter: options.interpreter,
  fileOf: options.templateOf,
  mayRestart: (object) => allowedRestarts.includes(referenceOf(object)),
  isDropped: (object) => dropped.includes(referenceOf(object)),
  ...(options.isAsBefore ? { isAsBefore: options.isAsBefore } : {}),
  others: await othersOf(options.plan, options.member),
  mayOverwrite: (object) => overwritten.includes(referenceOf(object)),
});

/** Everything that is still to be done, before anything is written. Answers what people edited in the folder. */
async function checkWhole(
  options: ApplyOptions,
  record: MigrationRecord,
  { waves }: Schedule,
): Promise<readonly PlannedObject[]> {
  const { plan, from, show } = options;
  const objects = waves.flatMap(({ batches }) => batches.flat());
  const { checked, stale } = await checkObjects(await checkOptionsOf(options, record), objects, (done) => {
    const doing = `comparing the plan with ${from.cluster}: ${done} of ${objects.length}`;
    show({ waves: record.waves, wave: undefined, doing, failed: [] });
  });
  if (stale.length > 0) throw new StalePlan(staleText(plan.metadata.name, from.cluster, stale));
  for (const line of keptLines(checked)) options.tell(line);
  return checked.flatMap(({ object, edited }) => (edited ? [object] : []));
}

/** Taking a field out of a template does not take it out of the cluster: whoever did it may not know. */
function keptLines(checked: readonly Checked[]): readonly string[] {
  const keeping = checked.filter(({ kept }) => kept.length > 0);
  const more = keeping.length - mostNamed;
  return [
    ...keeping
      .slice(0, mostNamed)
      .map(
        ({ object, kept }) =>
          `${titleOf(object)} keeps in the cluster what its edited template lacks: ${limited(kept)}; --drop ${referenceOf(object)} takes it away`,
      ),
    ...(more > 0 ? [`… and ${more} more keep what their edited templates lack`] : []),
  ];
}

/** Objects named; the count of the others follows. */
const mostNamed = 20;

function staleText(plan: string, cluster: string, stale: readonly Stale[]): string {
  const lines = stale.slice(0, mostNamed).map(({ object, why }) => `  ${titleOf(object)} ${why}`);
  const more = stale.length > mostNamed ? [`  … and ${stale.length - mostNamed} more`] : [];
  const head = `plan ${plan} is not what ${cluster} is now, and nothing was written:`;
  return [head, ...lines, ...more].join('\n');
}

/**
 * Rehearses a plan: apply, verify, the failure of one cluster, rollback, in a sandbox that was loaded from the real
 * clusters. Those are read and nothing else.
 */
import type { UnstructuredObject } from '#kube/meta/object.ts';
import type { Outcome } from '../apply/options.ts';
import type { Evidence } from '../evidence/evidence.ts';
import { holdsWithin, untilReady } from './await.ts';
import { type Ground, openGround, type RehearsedContent } from './ground.ts';
import {
  callsBetween,
  type Found,
  newlyFound,
  type Reason,
  type Rehearsal,
  type Step,
  type StepName,
  secondsAt,
} from './report.ts';
import type { ClusterSnapshot, ControlSnapshot, StartSandbox } from './sandbox.ts';
import {
  adopted,
  apply,
  bindingsIn,
  clustersOf,
  differences,
  evidenceOf,
  leftovers,
  livesOf,
  refusals,
  rollBack,
  verify,
} from './steps.ts';

export interface RehearseOptions {
  readonly content: RehearsedContent;
  readonly control: ControlSnapshot;
  /** The plan's clusters, the running one first. */
  readonly clusters: readonly ClusterSnapshot[];
  /** Milliseconds since 1970. */
  readonly now: number;
  /** API calls of a second. */
  readonly rate: number;
  readonly startSandbox: StartSandbox;
  readonly told: (doing: string) => void;
}

/** Of simulated time: long enough for what a cluster's loss sets going. */
const awayMs = 5 * 60_000;
/** After a step, for what it set going to show. */
const afterwardsMs = 60_000;

export async function rehearse(options: RehearseOptions): Promise<Rehearsal> {
  const { told, startSandbox, now, control, clusters, content } = options;
  told('loading what the clusters hold');
  const sandbox = await startSandbox({ now, control, clusters });
  try {
    await untilReady(sandbox);
    const ground = await openGround(sandbox, content);
    try {
      return await run(options, ground);
    } finally {
      ground.stop();
    }
  } finally {
    await sandbox.stop();
  }
}

async function run(options: RehearseOptions, ground: Ground): Promise<Rehearsal> {
  const { content, clusters, rate, told } = options;
  told('asking what would be refused');
  const refused = await refusals(ground);
  const pods = (objects: readonly UnstructuredObject[]) => objects.filter(({ kind }) => kind === 'Pod').length;
  const loaded = clusters.flatMap(({ resources }) => resources.flatMap(({ objects }) => objects));
  const acted = refused.whole ? nothingDone : await act(options, ground);
  return {
    plan: content.plan.metadata.name,
    cluster: content.plan.spec.from.cluster,
    clusters: clustersOf(ground),
    loaded: { objects: loaded.length, pods: pods(loaded) },
    objects: adopted(ground).length,
    rate,
    refused: refused.reasons,
    ...acted,
    notes: [...acted.notes, ...notesOf(options, ground)],
  };
}

type Acted = Pick<Rehearsal, 'steps' | 'unmanaged' | 'left' | 'notes'>;

const nothingDone: Acted = { steps: [], unmanaged: [], left: [], notes: [] };

async function act({ rate, told }: RehearseOptions, ground: Ground): Promise<Acted> {
  const before = await evidenceOf(ground);
  const livesBefore = await livesOf(ground);
  const { steps, measure } = measured(ground, rate, before);
  await measure('apply', async () => {
    told('applying');
    return applyOutcome(await apply(ground, (doing) => told(`applying, ${doing}`)));
  });
  let unmanaged: readonly Reason[] = [];
  await measure('verify', async () => {
    told('verifying');
    const verified = await verify(ground, before, await evidenceOf(ground));
    ({ unmanaged } = verified);
    return verified.proven ? 'proven' : 'not proven';
  });
  const away = clustersOf(ground)[1];
  if (away !== undefined) {
    await measure('failover', async () => {
      told(`losing ${away}`);
      return `${away} away for ${awayMs / 60_000} minutes, ${await lose(ground, away)} objects left it`;
    });
  }
  let held: readonly Reason[] = [];
  await measure('rollback', async () => {
    told('rolling back');
    held = await rollBack(ground, (doing) => told(`rolling back, ${doing}`));
    return held.length === 0 ? 'all given back' : `${held.length} objects not given back`;
  });
  const { left, copies } = leftovers(ground, livesBefore, await livesOf(ground));
  return {
    steps,
    unmanaged,
    left: [...held, ...left],
    notes: copies > 0 ? [`copies that rollback leaves in other clusters, where they run on unmanaged: ${copies}`] : [],
  };
}

const applyOutcome = (outcome: Outcome): string =>
  'why' in outcome && outcome.why ? `${outcome.is}: ${outcome.why}` : outcome.is;

/** Counts what a step asks the servers, lets show what it set going, and looks at what is not as it was. */
function measured(ground: Ground, rate: number, before: ReadonlyMap<string, Evidence>) {
  const { sandbox } = ground;
  const steps: Step[] = [];
  const known: Found[] = [];
  const measure = async (step: StepName, work: () => Promise<string>): Promise<void> => {
    const from = sandbox.calls();
    const outcome = await work();
    const calls = callsBetween(from, sandbox.calls());
    await sandbox.pass(afterwardsMs);
    const found = newlyFound(differences(ground, before, await evidenceOf(ground)), known);
    known.push(...found);
    steps.push({ step, outcome, calls, seconds: secondsAt(calls, rate), found });
  };
  return { steps, measure };
}

/** Answers how many objects are no longer meant to be in the cluster. */
async function lose(ground: Ground, cluster: string): Promise<number> {
  const { sandbox } = ground;
  const there = async () =>
    (await bindingsIn(ground)).filter(({ spec }) => spec.clusters?.some(({ name }) => name === cluster)).length;
  const before = await there();
  sandbox.setCluster(cluster, false);
  await sandbox.pass(awayMs);
  const moved = before - (await there());
  sandbox.setCluster(cluster, true);
  await untilReady(sandbox);
  // What had left comes back, or stays away; either way it is told.
  await holdsWithin(sandbox, afterwardsMs, async () => (await there()) === before);
  return moved;
}

function notesOf({ clusters }: RehearseOptions, { sandbox }: Ground): readonly string[] {
  const unread = clusters.flatMap(({ cluster, unread: all }) =>
    all.map(({ resource, why }) => `${resource} of ${cluster} could not be read: ${why}`),
  );
  const webhooks = clusters.flatMap(({ cluster, resources }) => {
    const count = resources
      .filter(({ resource }) => /^(mutating|validating)webhookconfigurations$/.test(resource.resource))
      .reduce((sum, { objects }) => sum + objects.length, 0);
    return count > 0
      ? [`${count} webhook configurations of ${cluster} let everything pass here: no webhook is called`]
      : [];
  });
  const unknown = sandbox.unknown.map((resource) => `${resource} is served by another API server, and was left out`);
  return [...unread, ...webhooks, ...unknown];
}

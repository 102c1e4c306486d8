/**
 * Rehearses a plan: apply, verify, the failure of one cluster, rollback, in a sandbox that was loaded from the real
 * clusters. Those are read and nothing else.
 */
import type { Interpreter } from '#interpreter/interpreter.ts';
import type { UnstructuredObject } from '#kube/meta/object.ts';
import type { Outcome } from '../apply/options.ts';
import type { Evidence } from '../evidence/evidence.ts';
import { untilReady } from './await.ts';
import { type Ground, openGround, type RehearsedContent } from './ground.ts';
import { lose } from './loss.ts';
import {
  callsBetween,
  type Found,
  type Loss,
  newlyFound,
  type Reason,
  type Rehearsal,
  type Step,
  type StepName,
  secondsAt,
} from './report.ts';
import type { ClusterSnapshot, ControlSnapshot, RehearsedFlags, StartSandbox } from './sandbox.ts';
import {
  adopted,
  apply,
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
  readonly interpreter: Interpreter;
  readonly flags: RehearsedFlags;
  /** The cluster that is lost; absent: the second one, where there are several. */
  readonly lose?: string;
  /** Workloads leave the lost cluster, whatever the flags say of it. */
  readonly evicts: boolean;
  readonly told: (doing: string) => void;
}

/** After a step, for what it set going to show. */
const afterwardsMs = 60_000;

export async function rehearse(options: RehearseOptions): Promise<Rehearsal> {
  const { told, startSandbox, now, control, clusters, content, flags, evicts, interpreter } = options;
  told('loading what the clusters hold');
  const sandbox = await startSandbox({ now, control, clusters, flags, evicts });
  try {
    await untilReady(sandbox);
    const ground = await openGround(sandbox, content, interpreter);
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

type Acted = Pick<Rehearsal, 'steps' | 'unmanaged' | 'loss' | 'left' | 'notes'>;

const nothingDone: Acted = { steps: [], unmanaged: [], left: [], notes: [] };

async function act({ rate, told, evicts, lose: asked }: RehearseOptions, ground: Ground): Promise<Acted> {
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
  const away = asked ?? clustersOf(ground)[1];
  let loss: Loss | undefined;
  if (away !== undefined) {
    const lost = async () => {
      told(`losing ${away}`);
      loss = await lose(ground, away, evicts);
      return lossOutcome(loss);
    };
    await measure('failover', lost, away);
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
    ...(loss ? { loss } : {}),
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
  // What happens in a cluster whose machines are gone is no finding.
  const measure = async (step: StepName, work: () => Promise<string>, lost?: string): Promise<void> => {
    const from = sandbox.calls();
    const outcome = await work();
    const calls = callsBetween(from, sandbox.calls());
    await sandbox.pass(afterwardsMs);
    const found = newlyFound(differences(ground, before, await evidenceOf(ground)), known);
    known.push(...found);
    const seen = found.filter(({ cluster }) => cluster !== lost);
    steps.push({ step, outcome, calls, seconds: secondsAt(calls, rate), found: seen });
  };
  return { steps, measure };
}

function lossOutcome({ cluster, unreachable, moved, stranded, why }: Loss): string {
  const parts = [
    `${moved.length} moved`,
    ...(stranded.length > 0 ? [`${stranded.length} found no place`] : []),
    ...(unreachable > 0 ? [`${unreachable} stay in ${cluster}, out of reach: ${why}`] : []),
  ];
  return `${cluster} lost: ${parts.join(', ')}`;
}

function notesOf({ clusters, control }: RehearseOptions, { sandbox }: Ground): readonly string[] {
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
  const asked = control.interpreting.map(
    (name) => `webhook ${name} has a say in how objects are written, and is not called here`,
  );
  const autoscalers = clusters.flatMap(({ cluster, resources }) => {
    const count = resources
      .filter(({ resource }) => resource.resource === 'horizontalpodautoscalers')
      .reduce((sum, { objects }) => sum + objects.length, 0);
    return count > 0 ? [`autoscalers of ${cluster} that do not scale here, for there are no metrics: ${count}`] : [];
  });
  return [...unread, ...webhooks, ...asked, ...autoscalers, ...unknown];
}

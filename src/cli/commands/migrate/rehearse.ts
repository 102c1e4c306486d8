/** `migrate rehearse DIR`: a plan run on a copy of its clusters, which are read and nothing else. Exit code 2: it is not clean. */
import { resolve } from 'node:path';
import { restMapper } from '#client/mapper/mapper.ts';
import { toYaml } from '#kube/yaml/yaml.ts';
import { type MigrationRecord, stateOf } from '#migrate/record/record.ts';
import { readRecord } from '#migrate/record/store.ts';
import type { RehearsedContent } from '#migrate/rehearse/ground.ts';
import { readOnly } from '#migrate/rehearse/read-only.ts';
import { rehearse } from '#migrate/rehearse/rehearse.ts';
import { isClean } from '#migrate/rehearse/report.ts';
import type { ClusterSnapshot } from '#migrate/rehearse/sandbox.ts';
import { takeControlSnapshot, takeSnapshot } from '#migrate/rehearse/snapshot.ts';
import type { Call } from '../../command.ts';
import { openCluster } from '../../connection/cluster.ts';
import { rehearsedFlags } from '../../connection/component-flags.ts';
import { interpreterIn } from '../../connection/meaning.ts';
import { openSession, type Session } from '../../connection/session.ts';
import { CommandError } from '../../failure.ts';
import { colours } from '../../output/colour.ts';
import { toJson } from '../../output/json.ts';
import { migrateCommand } from '../../output/migrate-commands.ts';
import { type LiveLine, liveLine } from '../../output/progress.ts';
import { rehearsalReport } from '../../output/rehearsal-report.ts';
import type { Surroundings } from '../../surroundings.ts';
import { readFolder } from './folder.ts';

const uncleanCode = 2;

export async function run(call: Call): Promise<number> {
  const { around } = call;
  const { given, output, rate, lost, evicts } = asked(call);
  const content = await readFolder(call, resolve(given));
  const { metadata, spec } = content.plan;
  const controlPlane = await openSession(call);
  refuseBegun(await readRecord(controlPlane.client, metadata.name), given);
  const { lose } = losing(content, lost, evicts);
  const line = phases(around);
  try {
    const clusters = await snapshots(call, controlPlane, content, line.show);
    const { startSandbox } = await import('#app/rehearsal/sandbox.ts');
    const names = clusters.map(({ cluster }) => cluster);
    const { flags, notes } = await rehearsedFlags(call, controlPlane);
    const { notes: found, ...result } = await rehearse({
      content,
      control: await takeControlSnapshot(readOnly(controlPlane.client), names),
      clusters,
      now: around.clock.now(),
      rate,
      startSandbox,
      interpreter: await interpreterIn(call, controlPlane),
      flags,
      ...(lose === undefined ? {} : { lose }),
      evicts,
      told: line.show,
    });
    line.clear();
    const rehearsal = { ...result, notes: [...found, ...notes] };
    const shown = { clean: isClean(rehearsal), ...rehearsal };
    if (output === 'json') around.output.write(toJson(shown));
    else if (output === 'yaml') around.output.write(toYaml(shown));
    else
      around.output.write(
        rehearsalReport(rehearsal, {
          folder: given,
          spec,
          paint: colours(around.output.interactive, around.environment),
        }),
      );
    return isClean(rehearsal) ? 0 : uncleanCode;
  } finally {
    line.clear();
  }
}

function asked({ flags, words }: Call) {
  const [given, ...more] = words;
  const [output, rate] = [flags.text('output'), flags.number('rate')];
  if (given === undefined || more.length > 0)
    throw new CommandError('which plan? give one folder: migrate rehearse DIR');
  if (!['', 'json', 'yaml'].includes(output)) throw new CommandError("--output must be 'json' or 'yaml'");
  if (!(rate >= 1)) throw new CommandError('--rate must be at least 1: API calls of a second');
  return { given, output, rate, lost: flags.text('lose'), evicts: flags.on('evict') };
}

/** A copy of what is under management already tells nothing of the day on which it came under it. */
function refuseBegun(record: MigrationRecord | undefined, given: string): void {
  if (!record || record.waves.every(({ applied }) => applied === 0)) return;
  const { plan, startedAt } = record;
  const state = stateOf(record);
  const next =
    state === 'applied'
      ? `what it did is proven by: ${migrateCommand('verify', given)}`
      : `how far it is, and how it goes on: ${migrateCommand('status', given)}`;
  throw new CommandError(
    `migration ${plan} was begun at ${startedAt} and is ${state}; a plan is rehearsed before it is applied; ${next}`,
  );
}

function losing({ plan: { spec } }: RehearsedContent, lost: string, evicts: boolean): { readonly lose?: string } {
  const clusters = [...new Set([spec.from.cluster, ...spec.to])];
  if (lost !== '' && !clusters.includes(lost))
    throw new CommandError(`--lose: the plan has no cluster ${lost}; it has ${clusters.join(', ')}`);
  if (lost === '' && evicts && clusters.length === 1)
    throw new CommandError(
      `--evict: the plan is of ${clusters[0]} alone, and nothing can leave it for another cluster`,
    );
  return lost === '' ? {} : { lose: lost };
}

/** A live line on a terminal; elsewhere a line for each phase. */
function phases(around: Surroundings): LiveLine {
  if (around.errors.interactive) return liveLine(around);
  let last = '';
  return {
    show: (text) => {
      const [phase = ''] = text.split(/[:,]/);
      if (phase !== last) around.errors.write(`${phase}\n`);
      last = phase;
    },
    clear: () => {},
  };
}

/** Of the plan's clusters, the running one first; one after the other, so that none has to answer for two. */
async function snapshots(
  call: Call,
  controlPlane: Session,
  { plan: { spec } }: RehearsedContent,
  show: (text: string) => void,
): Promise<readonly ClusterSnapshot[]> {
  const found: ClusterSnapshot[] = [];
  for (const name of new Set([spec.from.cluster, ...spec.to])) {
    const client = readOnly((await openCluster(call, controlPlane, name)).client);
    const source = { client, mapper: restMapper(client, call.around) };
    const told = (read: number) => show(`reading ${name}: ${read} objects`);
    found.push(await takeSnapshot({ source, cluster: name, scope: spec.scope, told }));
  }
  return found;
}

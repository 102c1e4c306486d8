/** `migrate rehearse DIR`: a plan run on a copy of its clusters, which are read and nothing else. Exit code 2: it is not clean. */
import { resolve } from 'node:path';
import { restMapper } from '#client/mapper/mapper.ts';
import { toYaml } from '#kube/yaml/yaml.ts';
import type { RehearsedContent } from '#migrate/rehearse/ground.ts';
import { readOnly } from '#migrate/rehearse/read-only.ts';
import { rehearse } from '#migrate/rehearse/rehearse.ts';
import { isClean } from '#migrate/rehearse/report.ts';
import type { ClusterSnapshot } from '#migrate/rehearse/sandbox.ts';
import { takeControlSnapshot, takeSnapshot } from '#migrate/rehearse/snapshot.ts';
import type { Call } from '../../command.ts';
import { openCluster } from '../../connection/cluster.ts';
import { openSession, type Session } from '../../connection/session.ts';
import { CommandError } from '../../failure.ts';
import { colours } from '../../output/colour.ts';
import { toJson } from '../../output/json.ts';
import { liveLine } from '../../output/progress.ts';
import { rehearsalReport } from '../../output/rehearsal-report.ts';
import { readFolder } from './folder.ts';

const uncleanCode = 2;

export async function run(call: Call): Promise<number> {
  const { around } = call;
  const { given, output, rate } = asked(call);
  const content = await readFolder(call, resolve(given));
  const controlPlane = await openSession(call);
  const line = liveLine(around);
  try {
    const clusters = await snapshots(call, controlPlane, content, line.show);
    const { startSandbox } = await import('#app/rehearsal/sandbox.ts');
    const names = clusters.map(({ cluster }) => cluster);
    const result = await rehearse({
      content,
      control: await takeControlSnapshot(readOnly(controlPlane.client), names),
      clusters,
      now: around.clock.now(),
      rate,
      startSandbox,
      told: line.show,
    });
    line.clear();
    const shown = { clean: isClean(result), ...result };
    if (output === 'json') around.output.write(toJson(shown));
    else if (output === 'yaml') around.output.write(toYaml(shown));
    else around.output.write(rehearsalReport(result, given, colours(around.output.interactive, around.environment)));
    return isClean(result) ? 0 : uncleanCode;
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
  return { given, output, rate };
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

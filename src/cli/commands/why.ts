/** `why`: what of an object's way to the members blocks, and what mends it. Exit code 2: something blocks. */
import { toYaml } from '#kube/yaml/yaml.ts';
import { why } from '#migrate/why/gather.ts';
import type { Call } from '../command.ts';
import { openCluster } from '../connection/cluster.ts';
import { interpreterIn, kindsIn } from '../connection/meaning.ts';
import { openSession } from '../connection/session.ts';
import { CommandError } from '../failure.ts';
import { colours } from '../output/colour.ts';
import { toJson } from '../output/json.ts';
import { whyReport } from '../output/why-report.ts';
import { namespaceIn, targetsOf } from '../targets/words.ts';

const blockedCode = 2;

export async function run(call: Call): Promise<number> {
  const { around, flags, words } = call;
  const output = flags.text('output');
  if (!['', 'json', 'yaml'].includes(output)) throw new CommandError("--output must be 'json' or 'yaml'");
  const session = await openSession(call);
  const [target, ...others] = words.length === 0 ? [] : await targetsOf(session.mapper, words);
  const [name, ...more] = target?.names ?? [];
  if (!target || name === undefined || more.length > 0 || others.length > 0)
    throw new CommandError('which object? name one: why KIND/NAME [-n NAMESPACE]');
  const kinds = await kindsIn(call, session);
  try {
    const found = await why({
      control: session,
      member: (cluster) => openCluster(call, session, cluster),
      interpreter: await interpreterIn(call, session),
      kindOf: kinds.kindOf,
      resource: target.resource,
      ...namespaceIn(target.resource, session.namespace),
      name,
    });
    if (output === 'json') around.output.write(toJson(found));
    else if (output === 'yaml') around.output.write(toYaml(found));
    else around.output.write(whyReport(found, colours(around.output.interactive, around.environment)));
    return found.blocked ? blockedCode : 0;
  } finally {
    kinds.stop();
  }
}

/** `why`: what of an object's way to the members blocks, and what mends it. Exit code 2: something blocks. */
import type { DiscoveredResource } from '#client/mapper/mapper.ts';
import { isReason, StatusError } from '#kube/status/status.ts';
import { toYaml } from '#kube/yaml/yaml.ts';
import { why } from '#migrate/why/gather.ts';
import type { Call } from '../command.ts';
import { type NamedCluster, openCluster } from '../connection/cluster.ts';
import { schedulerFlagsShown } from '../connection/component-flags.ts';
import { interpreterIn, kindsIn } from '../connection/meaning.ts';
import { openSession, type Session } from '../connection/session.ts';
import { CommandError } from '../failure.ts';
import { colours } from '../output/colour.ts';
import { toJson } from '../output/json.ts';
import { whyReport } from '../output/why-report.ts';
import { nearKinds, nearObjects } from '../targets/near.ts';
import { namespaceIn, type Target, targetsOf } from '../targets/words.ts';

const blockedCode = 2;

export async function run(call: Call): Promise<number> {
  const { around, flags, words } = call;
  const output = flags.text('output');
  if (!['', 'json', 'yaml'].includes(output)) throw new CommandError("--output must be 'json' or 'yaml'");
  const session = await openSession(call);
  const [cluster, ...elsewhere] = flags.texts('clusters');
  if (elsewhere.length > 0) throw new CommandError('--clusters: name one member');
  // A member may have kinds that the control plane has not.
  const asked = cluster === undefined ? session : { ...session, ...(await openCluster(call, session, cluster)) };
  const [target, ...others] = words.length === 0 ? [] : await kindsMeant(asked, words);
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
      schedulerFlags: () => schedulerFlagsShown(call, session),
      resource: target.resource,
      ...namespaceIn(target.resource, session.namespace),
      name,
      ...(cluster === undefined ? {} : { cluster }),
    });
    if (output === 'json') around.output.write(toJson(found));
    else if (output === 'yaml') around.output.write(toYaml(found));
    else around.output.write(whyReport(found, colours(around.output.interactive, around.environment)));
    return found.blocked ? blockedCode : 0;
  } catch (error) {
    throw isReason(error, 'NotFound') ? await nameMeant(asked, target.resource, name, error) : error;
  } finally {
    kinds.stop();
  }
}

/** As targetsOf; of a kind that nobody serves, it says which one may be meant. */
async function kindsMeant(
  { mapper, namespace, namespaceGiven }: Pick<Session, 'mapper' | 'namespace' | 'namespaceGiven'>,
  words: readonly string[],
): Promise<readonly Target[]> {
  try {
    return await targetsOf(mapper, words);
  } catch (error) {
    if (!isReason(error, 'NotFound')) throw error;
    const [word = '', name = words[1]] = words[0]!.split('/');
    const rest = `${name === undefined ? '' : `/${name}`}${namespaceGiven ? ` -n ${namespace}` : ''}`;
    const kinds = nearKinds(word, await mapper.resources());
    throw withGuesses(
      error,
      kinds.map((kind) => `${kind}${rest}`),
    );
  }
}

/** The same of a name: the server's words, and what is called nearly so, or is so called elsewhere. */
async function nameMeant(
  { client }: Pick<NamedCluster, 'client'>,
  resource: DiscoveredResource,
  name: string,
  error: StatusError,
): Promise<Error> {
  const kind = resource.singular || resource.kind.toLowerCase();
  const objects = await nearObjects(client, resource, name);
  return withGuesses(
    error,
    objects.map(({ metadata }) => `${kind}/${metadata.name}${metadata.namespace ? ` -n ${metadata.namespace}` : ''}`),
  );
}

function withGuesses(error: StatusError, guesses: readonly string[]): Error {
  if (guesses.length === 0) return error;
  const list = guesses.map((each) => `\tflotilla why ${each}`).join('\n');
  return new StatusError({ ...error.status, message: `${error.message}\n\nDid you mean this?\n${list}` });
}

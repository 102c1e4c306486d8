/** `status`: one screen of what is up, behind, or failing. */
import { join, resolve } from 'node:path';
import type { UpStatus } from '#app/up/status.ts';
import { isReason, StatusError } from '#kube/status/status.ts';
import { toYaml } from '#kube/yaml/yaml.ts';
import type { Call } from '../command.ts';
import { controlPlaneContext, loadKubeconfig, readKubeconfig } from '../connection/kubeconfigs.ts';
import { getJson } from '../connection/request.ts';
import { type Session, sessionFor } from '../connection/session.ts';
import { CommandError } from '../failure.ts';
import { colours } from '../output/colour.ts';
import { toJson } from '../output/json.ts';
import { statusScreen } from '../output/status-screen.ts';

/** Where an embedded control plane tells of itself. */
const statusPath = '/flotilla/status';

export async function run(call: Call): Promise<number> {
  const { around, flags } = call;
  const output = flags.text('output');
  if (!['', 'yaml', 'json'].includes(output)) throw new CommandError("--output must be 'yaml' or 'json'");
  const { client, context } = await openControlPlane(call);
  let status: UpStatus;
  try {
    status = (await getJson(client, statusPath, 'application/json')) as unknown as UpStatus;
  } catch (error) {
    if (error instanceof StatusError && error.message.includes('ECONNREFUSED'))
      throw new CommandError(
        `context "${context}" does not answer: Flotilla is not running; start it with flotilla up`,
      );
    if (!isReason(error, 'NotFound')) throw error;
    throw new CommandError(`context "${context}" is no control plane that flotilla up started: it has no status page`);
  }
  if (output === 'json') around.output.write(toJson(status));
  else if (output === 'yaml') around.output.write(toYaml(status));
  else around.output.write(statusScreen(status, colours(around.output.interactive, around.environment)));
  return isWell(status) ? 0 : 1;
}

const isWell = ({ problem, components, clusters }: UpStatus): boolean =>
  problem === undefined &&
  components.every(({ running }) => running) &&
  clusters.every(({ ready }) => ready === 'True');

/** Of the data directory that was named, else of the kubeconfig. */
async function openControlPlane({ around, flags }: Call): Promise<Session> {
  const asked = flags.text('context') || flags.text('karmada-context') || controlPlaneContext;
  if (!flags.given('data-dir')) return sessionFor(around, flags, await loadKubeconfig(around, flags), asked);
  const { runningIn } = await import('#app/up/commands.ts');
  const folder = resolve(flags.text('data-dir'));
  const record = await runningIn(folder);
  if (!record)
    throw new CommandError(`nothing is running in ${folder}: start it with flotilla up --data-dir ${folder}`);
  const config = await readKubeconfig(around, join(record.kubeconfigFolder, 'karmada.config'));
  return sessionFor(around, flags, config, asked);
}

/** `version`: of this program, and of the server where one answers. */
import type { JsonValue } from '#kube/meta/object.ts';
import { toYaml } from '#kube/yaml/yaml.ts';
import type { Call } from '../command.ts';
import { getJson } from '../connection/request.ts';
import { openSession } from '../connection/session.ts';
import { CommandError } from '../failure.ts';
import { toJson } from '../output/json.ts';

export async function run(call: Call): Promise<number> {
  const { around, flags } = call;
  const output = flags.text('output');
  if (!['', 'yaml', 'json'].includes(output)) throw new CommandError("--output must be 'yaml' or 'json'");
  const { version } = await import('#app/version.ts');
  const gitVersion = `v${version}`;
  const versions: Record<string, JsonValue> = { clientVersion: { gitVersion } };
  if (output === '') around.output.write(`Client Version: ${gitVersion}\n`);
  if (!flags.on('client')) {
    const { client } = await openSession(call);
    versions.serverVersion = await getJson(client, '/version', 'application/json');
  }
  const server = (versions.serverVersion as { readonly gitVersion?: string } | undefined)?.gitVersion;
  if (output !== '') around.output.write(output === 'json' ? toJson(versions) : toYaml(versions));
  else if (server !== undefined) around.output.write(`Server Version: ${server}\n`);
  return 0;
}

/** `migrate list`: the migrations that the control plane has a record of. */
import { toYaml } from '#kube/yaml/yaml.ts';
import { listRecords } from '#migrate/record/store.ts';
import type { Call } from '../../command.ts';
import { openSession } from '../../connection/session.ts';
import { CommandError } from '../../failure.ts';
import { colours } from '../../output/colour.ts';
import { toJson } from '../../output/json.ts';
import { migrationTable } from '../../output/migration-report.ts';

export async function run(call: Call): Promise<number> {
  const { around, flags, words } = call;
  const output = flags.text('output');
  if (!['', 'json', 'yaml'].includes(output)) throw new CommandError("--output must be 'json' or 'yaml'");
  if (words.length > 0) throw new CommandError(`list takes no arguments, only flags: "${words.join(' ')}"`);
  const { client } = await openSession(call);
  const { records, broken } = await listRecords(client);
  for (const name of broken) {
    around.errors.write(`ConfigMap karmada-system/${name} is no record of a migration any more, and is left out\n`);
  }
  if (output === 'json') around.output.write(toJson({ items: records }));
  else if (output === 'yaml') around.output.write(toYaml({ items: records }));
  else {
    const paint = colours(around.output.interactive, around.environment);
    around.output.write(migrationTable(records, around.clock.now(), paint));
  }
  return 0;
}

/** `migrate status DIR`: how far a migration is, wave by wave, once or until it is over. */
import { toYaml } from '#kube/yaml/yaml.ts';
import { seemsGone } from '#migrate/record/lock.ts';
import type { MigrationRecord } from '#migrate/record/record.ts';
import { readRecord } from '#migrate/record/store.ts';
import { sleep } from '#world/clock/clock.ts';
import type { Call } from '../../command.ts';
import { openSession } from '../../connection/session.ts';
import { CommandError } from '../../failure.ts';
import { colours } from '../../output/colour.ts';
import { toJson } from '../../output/json.ts';
import { migrateCommand } from '../../output/migrate-commands.ts';
import { migrationStatus } from '../../output/migration-report.ts';
import { hasPlan, planNameOf, unknownMigration } from './folder.ts';
import { isDeadHere } from './holding.ts';

const lookEveryMs = 1_000;

/** Nobody works on it, or not any more. */
const isOver = ({ holder }: MigrationRecord, now: number): boolean =>
  holder === undefined || isDeadHere(holder.name) || seemsGone(holder, now);

export async function run(call: Call): Promise<number> {
  const { around, flags, words } = call;
  const [folder, ...more] = words;
  const output = flags.text('output');
  if (folder === undefined)
    throw new CommandError("which plan? give its folder: migrate status DIR; 'migrate list' names them");
  if (more.length > 0) throw new CommandError(`status takes one folder, not ${words.length}`);
  if (!['', 'json', 'yaml'].includes(output)) throw new CommandError("--output must be 'json' or 'yaml'");
  const plan = await planNameOf(around, folder);
  const { client } = await openSession(call);
  const paint = colours(around.output.interactive, around.environment);
  const there = (await hasPlan(around.disk, folder)) ? folder : undefined;
  const show = (record: MigrationRecord) => {
    if (output === 'json') return toJson(record);
    if (output === 'yaml') return `${flags.on('watch') ? '---\n' : ''}${toYaml(record)}`;
    const now = around.clock.now();
    return migrationStatus(record, { isGone: isOver(record, now), now, folder: there, paint });
  };
  for (let before: string | undefined; ; ) {
    const record = await readRecord(client, plan);
    if (!record) {
      if (there === undefined) throw unknownMigration(folder);
      throw new CommandError(`plan "${plan}" has not been applied: ${migrateCommand('apply', folder)}`);
    }
    // The holder's sign of life is no news.
    const now = JSON.stringify({ ...record, holder: record.holder?.name });
    if (now !== before) around.output.write(show(record));
    before = now;
    if (!flags.on('watch') || isOver(record, around.clock.now())) return 0;
    await sleep(around.clock, lookEveryMs);
  }
}

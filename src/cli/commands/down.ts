/** `down`: stops what `up` started; everything is kept. */
import { resolve } from 'node:path';
import type { Call } from '../command.ts';

export async function run({ around, flags }: Call): Promise<number> {
  const { runDown, runningIn } = await import('#app/up/commands.ts');
  const places = await import('#app/up/places.ts');
  const folder = resolve(flags.text('data-dir') || places.defaultDataDirectory());
  const record = await runDown(folder);
  if (record) {
    around.output.write(`Stopped process ${record.pid}; everything is kept in ${folder}\n`);
    return 0;
  }
  around.output.write(`Nothing is running in ${folder}\n`);
  const demo = places.demoDataDirectory();
  if (folder !== demo && (await runningIn(demo)))
    around.output.write(`The demo is: Ctrl-C where it runs, or --data-dir ${demo}\n`);
  return 0;
}

/** `env`: lines for a shell to evaluate, that set PATH (the program first) and KUBECONFIG. */
import { join, resolve } from 'node:path';
import { programRoot } from '#world/process/root.ts';
import type { Call } from '../command.ts';
import { kubeconfigExport, kubeconfigFiles } from '../output/hints.ts';
import { quoted } from '../output/shell.ts';

export async function run(call: Call): Promise<number> {
  const { around } = call;
  const bin = join(programRoot(), 'bin');
  const folder = await kubeconfigFolder(call);
  around.output.write(`export PATH=${quoted(bin)}:"$PATH"\n${kubeconfigExport(folder)}\n`);
  const [controlPlane = ''] = kubeconfigFiles(folder);
  if ((await around.disk.readText(controlPlane)) === undefined)
    around.errors.write(`# ${controlPlane} is not there yet: start the demo with npm start, or flotilla up\n`);
  return 0;
}

/** What was asked for; else where the installation of that data directory writes; else that which runs, the demo's first. */
async function kubeconfigFolder({ flags }: Call): Promise<string> {
  const places = await import('#app/up/places.ts');
  if (flags.given('kubeconfig-dir')) return resolve(flags.text('kubeconfig-dir'));
  const { runningIn } = await import('#app/up/commands.ts');
  if (!flags.given('data-dir')) {
    const running = (await runningIn(places.demoDataDirectory())) ?? (await runningIn(places.defaultDataDirectory()));
    return running?.kubeconfigFolder ?? places.demoKubeconfigFolder();
  }
  const record = await runningIn(resolve(flags.text('data-dir')));
  return record?.kubeconfigFolder ?? places.defaultKubeconfigFolder();
}

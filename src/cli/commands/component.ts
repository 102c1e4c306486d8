/** `controller-manager`, `scheduler`, `webhook`: one component as its own process. */
import type { Run } from '../command.ts';
import { flagsHelp } from '../help.ts';

const names = {
  'controller-manager': 'karmada-controller-manager',
  scheduler: 'karmada-scheduler',
  webhook: 'karmada-webhook',
} as const;

export const componentCommand =
  (command: keyof typeof names): Run =>
  async ({ around, args }) => {
    const name = names[command];
    if (args.includes('--help') || args.includes('-h')) {
      const { flagTables } = await import('#app/components/flags.ts');
      around.output.write(`Runs ${name} against the API server of a kubeconfig.\n\n${flagsHelp(flagTables[name])}\n`);
      return 0;
    }
    const { runComponent } = await import('#app/components/run.ts');
    return runComponent(name, args);
  };

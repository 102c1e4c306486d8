/** `controller-manager`, `scheduler`, `scheduler-estimator`, `webhook`: one component as its own process. */
import type { Run } from '../command.ts';
import { flagsHelp } from '../help.ts';

const names = {
  'controller-manager': 'karmada-controller-manager',
  scheduler: 'karmada-scheduler',
  'scheduler-estimator': 'karmada-scheduler-estimator',
  webhook: 'karmada-webhook',
} as const;

export type ComponentCommand = keyof typeof names;

export const componentCommand =
  (command: ComponentCommand): Run =>
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

import { runUp } from '#app/up/commands.ts';

const [, , , ...args] = process.argv;
const value = (name: string) => args[args.indexOf(name) + 1]!;
process.exitCode = await runUp(
  {
    members: args.includes('--members') ? Number(value('--members')) : 2,
    dataDirectory: value('--data-dir'),
    kubeconfigFolder: value('--kubeconfig-dir'),
    demo: args.includes('--demo'),
    ephemeral: args.includes('--ephemeral'),
  },
  { done: (text) => console.log(text), note: (text) => console.log(text) },
);

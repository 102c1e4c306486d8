/** Flags that whoever starts everything gives a component: they become part of the command its Deployment shows. Pure. */
import type { Deployment } from '#apis/kubernetes/types.ts';
import type { RunnableName } from './components.ts';

/** Each as `--name=value`, or `--name` for a switch. */
export type ComponentFlags = Readonly<Partial<Record<RunnableName, readonly string[]>>>;

const nameOf = (word: string) => /^(--?[^=]+)/.exec(word)?.[1] ?? word;

/** The command with these flags in it: in the place of one of the same name, else at the end. The same list when all are there. */
function commandWith(command: readonly string[], flags: readonly string[]): readonly string[] {
  return flags.reduce((words, flag) => {
    const at = words.findIndex((word) => nameOf(word) === nameOf(flag));
    if (at < 0) return words.concat(flag);
    return words[at] === flag ? words : words.with(at, flag);
  }, command);
}

/** The same reference when nothing changes. */
export function withComponentFlags(deployment: Deployment, flags: readonly string[] | undefined): Deployment {
  const { metadata, spec } = deployment;
  const { containers } = spec.template.spec;
  const at = containers.findIndex(({ name }) => name === metadata.name);
  const container = containers[at];
  if (!flags || !container) return deployment;
  const command = commandWith(container.command ?? [], flags);
  if (command === container.command) return deployment;
  const pod = { ...spec.template.spec, containers: containers.with(at, { ...container, command: [...command] }) };
  return { ...deployment, spec: { ...spec, template: { ...spec.template, spec: pod } } };
}

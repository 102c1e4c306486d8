/** Help as cobra lays it out, made from the catalogue. */
import type { FlagDefinition } from '#world/process/flags.ts';
import { type CommandDefinition, commandGroups } from './command.ts';

const indent = '  ';

/** `flotilla`, `karmadactl`, `kubectl karmada`. */
export const spokenName = (program: string): string => program.replace('kubectl-', 'kubectl ');

export function programHelp(program: string, catalogue: readonly CommandDefinition[]): string {
  const name = spokenName(program);
  const width = Math.max(...catalogue.map((command) => command.name.length)) + 2;
  const groups = commandGroups.flatMap((group) => {
    const commands = catalogue.filter((command) => command.group === group);
    if (commands.length === 0) return [];
    return [`${group}:`, ...commands.map((each) => `${indent}${each.name.padEnd(width)}${each.summary}`), ''];
  });
  return [
    'Flotilla brings running Kubernetes clusters under multi-cluster management, and restarts nothing.',
    '',
    ...groups,
    'Usage:',
    `${indent}${name} [command] [flags]`,
    '',
    'Kubeconfig: --kubeconfig, else the files in KUBECONFIG, else ~/.kube/config with ~/.kube/karmada.config and',
    '~/.kube/members.config where they exist. Context: --context or --karmada-context, else karmada-apiserver where',
    'there is one, else the current context.',
    '',
    `Use "${name} <command> --help" for more about a command.`,
    '',
  ].join('\n');
}

/** Of a command that has others below it. */
export function groupHelp(program: string, group: string, commands: readonly CommandDefinition[]): string {
  const name = spokenName(program);
  const width = Math.max(...commands.map((command) => command.name.length)) + 2;
  return [
    'Commands:',
    ...commands.map((each) => `${indent}${each.name.padEnd(width)}${each.summary}`),
    '',
    'Usage:',
    `${indent}${name} ${group} [command] [flags]`,
    '',
    `Use "${name} ${group} <command> --help" for more about a command.`,
    '',
  ].join('\n');
}

export function commandHelp(program: string, command: CommandDefinition): string {
  const name = spokenName(program);
  const flags = command.flags === 'own' ? [] : command.flags;
  return [
    `${command.summary}.`,
    '',
    ...(command.examples ? ['Examples:', ...command.examples.map((each) => `${indent}${name} ${each}`), ''] : []),
    ...(command.aliases ? ['Aliases:', `${indent}${[command.name, ...command.aliases].join(', ')}`, ''] : []),
    ...(flags.length > 0 ? [flagsHelp(flags), ''] : []),
    'Usage:',
    `${indent}${name} ${command.name}${command.usage === '' ? '' : ` ${command.usage}`}`,
    '',
  ].join('\n');
}

/** As kubectl shows them: each flag with its default, and what it is for in a line of its own. */
export function flagsHelp(flags: readonly FlagDefinition[]): string {
  const shown = flags.filter(({ hidden, retired }) => !hidden && retired === undefined);
  const lines = shown.flatMap((flag) => {
    const short = flag.short ? `-${flag.short}, ` : indent.repeat(2);
    return [`${indent.repeat(2)}${short}--${flag.name}=${defaultText(flag)}:`, `${indent.repeat(4)}${flag.help}`];
  });
  return ['Options:', ...lines].join('\n');
}

function defaultText({ kind, default: value }: FlagDefinition): string {
  if (kind === 'switch') return value ?? 'false';
  if (kind === 'text') return `'${value ?? ''}'`;
  if (kind === 'texts') return `[${value ?? ''}]`;
  return value ?? '0';
}

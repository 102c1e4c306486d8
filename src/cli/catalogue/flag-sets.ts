/** Flags that several commands have, each declared once. */
import type { FlagDefinition } from '#world/process/flags.ts';

/** Which cluster, as whom, in which namespace. */
export const connectionFlags: readonly FlagDefinition[] = [
  { name: 'kubeconfig', kind: 'text', help: 'Path to the kubeconfig file to use' },
  { name: 'context', kind: 'text', help: 'The kubeconfig context to use' },
  { name: 'karmada-context', kind: 'text', help: 'The same, as karmadactl calls it' },
  { name: 'namespace', short: 'n', kind: 'text', help: 'The namespace; absent: the one of the context' },
  { name: 'as', kind: 'text', help: 'User to impersonate' },
  { name: 'as-group', kind: 'texts', help: 'Group to impersonate' },
  // kubectl's verbosity: nothing of ours depends on it.
  { name: 'v', short: 'v', kind: 'whole', help: 'Verbosity of the log', hidden: true },
];

export const outputFlag: FlagDefinition = {
  name: 'output',
  short: 'o',
  kind: 'text',
  help: 'wide, yaml, json, name, jsonpath=…, custom-columns=…',
};

export const writtenOutputFlag: FlagDefinition = { ...outputFlag, help: 'name, yaml, json' };

export const fileFlags: readonly FlagDefinition[] = [
  {
    name: 'filename',
    short: 'f',
    kind: 'texts',
    help: 'File, folder or - (standard input) with manifests; repeatable',
  },
  { name: 'recursive', short: 'R', kind: 'switch', help: 'Folders with all they hold' },
];

export const selectorFlags: readonly FlagDefinition[] = [
  { name: 'selector', short: 'l', kind: 'text', help: 'Label selector: app=web,tier!=front' },
  { name: 'field-selector', kind: 'text', help: 'Field selector: metadata.name=web' },
  { name: 'all-namespaces', short: 'A', kind: 'switch', help: 'In all namespaces' },
  { name: 'ignore-not-found', kind: 'switch', help: 'What is not there is no failure' },
];

export const clusterFlags: readonly FlagDefinition[] = [
  {
    name: 'operation-scope',
    kind: 'text',
    help: 'karmada: the control plane. members: the member clusters. all: both',
  },
  { name: 'clusters', short: 'C', kind: 'texts', help: 'The members meant: member1,member2' },
];

export const dryRunFlag: FlagDefinition = {
  name: 'dry-run',
  kind: 'text',
  default: 'none',
  bare: 'client',
  help: 'none, server (as if it were done), client (say only what would be sent)',
};

export const managerFlag = (manager: string): FlagDefinition => ({
  name: 'field-manager',
  kind: 'text',
  default: manager,
  help: 'Who is recorded as the owner of the fields',
});

export const validateFlag: FlagDefinition = {
  name: 'validate',
  kind: 'text',
  default: 'strict',
  bare: 'strict',
  help: 'Unknown fields: strict (refuse), warn, ignore',
};

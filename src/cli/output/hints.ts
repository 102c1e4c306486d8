/** What to do with a running installation. */
import { join } from 'node:path';
import { quoted } from './shell.ts';

/** As `up` writes them. */
export const kubeconfigFiles = (folder: string): readonly string[] =>
  ['karmada.config', 'members.config'].map((name) => join(folder, name));

export const kubeconfigExport = (folder: string): string =>
  `export KUBECONFIG=${quoted(kubeconfigFiles(folder).join(':'))}`;

export const hintLines = (folder: string, contexts: readonly string[]): readonly string[] => [
  kubeconfigExport(folder),
  `Contexts: ${contexts.join(', ')}`,
];

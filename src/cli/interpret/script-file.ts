/**
 * A customization as a Lua file to edit: `---@` lines say what is below them, `--#` lines are for the reader and are
 * dropped, everything else belongs to the script it stands in. Pure.
 */
import type { ResourceInterpreterCustomization } from '#apis/config/customization.ts';
import { interpreterOperations } from '#apis/config/operations.ts';
import type { Scripts } from '#interpreter/declarative/scripts.ts';
import { CommandError } from '../failure.ts';
import { documents, operationNames } from './rules.ts';

export interface Edited {
  readonly name: string;
  readonly target: ResourceInterpreterCustomization['spec']['target'];
  readonly customizations: Scripts;
}

export const editedOf = ({ metadata, spec }: ResourceInterpreterCustomization): Edited => ({
  name: metadata.name ?? '',
  target: spec.target,
  customizations: spec.customizations,
});

const note = '--#';
const mark = '---@';

const noted = (text: string) => text.split('\n').map((line) => `${note} ${line}`.trimEnd());

const heading = `Please edit the customization below. Lines beginning with '${note}' will be ignored, an empty file
will abort the edit, and a rule without a script is unset. If an error occurs while saving, this
file will be reopened with the relevant failures.
`;

/** The head of every page: how to edit, and what was wrong last time. */
export const headOf = (failures: readonly string[]): string =>
  [...noted(heading), ...failures.flatMap(noted), ...(failures.length > 0 ? [note] : [])]
    .map((line) => `${line}\n`)
    .join('');

export function bodyOf({ name, target, customizations }: Edited, showDocuments: boolean): string {
  const lines = [`${mark}name: ${name}`, `${mark}apiVersion: ${target.apiVersion}`, `${mark}kind: ${target.kind}`];
  for (const { name: rule, customization } of interpreterOperations) {
    lines.push(`${mark}rule: ${rule}`);
    if (showDocuments) lines.push(...noted(documents[rule]));
    const script = customizations[customization]?.luaScript ?? '';
    if (script !== '') lines.push(script.replace(/\n$/, ''));
  }
  return lines.map((line) => `${line.trimEnd()}\n`).join('');
}

/** Without what is for the reader. */
export const withoutNotes = (text: string): string =>
  text
    .split('\n')
    .filter((line) => !line.trimStart().startsWith(note))
    .join('\n');

/** Throws CommandError for what stands under no rule, and for a rule that there is none of. */
export function parseEdited(text: string): Edited {
  const fields: Record<string, string> = { name: '', apiVersion: '', kind: '' };
  const scripts = new Map<string, string[]>();
  let rule: string | undefined;
  for (const line of withoutNotes(text).split('\n')) {
    const [, field = '', value = ''] = /^\s*---@(\w+):\s*(.*?)\s*$/.exec(line) ?? [];
    if (field === 'rule') {
      rule = value;
      if (!operationNames.includes(rule))
        throw new CommandError(`unknown rule ${JSON.stringify(rule)}. Use one of: ${operationNames.join(', ')}`);
      if (!scripts.has(rule)) scripts.set(rule, []);
    } else if (field in fields) fields[field] = value;
    else if (rule !== undefined) scripts.get(rule)!.push(line);
    else if (line.trim() !== '') throw new CommandError(`unexpected line ${JSON.stringify(line)}`);
  }
  const customizations = interpreterOperations.flatMap(({ name, customization }) => {
    const script = (scripts.get(name) ?? []).join('\n').replace(/\s+$/, '');
    return script === '' ? [] : [[customization, { luaScript: `${script}\n` }]];
  });
  return {
    name: fields.name!,
    target: { apiVersion: fields.apiVersion!, kind: fields.kind! },
    customizations: Object.fromEntries(customizations) as Scripts,
  };
}

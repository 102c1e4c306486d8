/** `interpret --edit`: a customization in the editor, checked, and saved where it came from; what is wrong reopens it. */
import {
  type ResourceInterpreterCustomization,
  ResourceInterpreterCustomizationKind,
} from '#apis/config/customization.ts';
import { scriptProblems } from '#interpreter/declarative/check.ts';
import { deepEqual } from '#kube/meta/equal.ts';
import { apiVersionOf } from '#kube/meta/kind.ts';
import type { JsonValue } from '#kube/meta/object.ts';
import { createMergePatch } from '#kube/patch/merge.ts';
import { StatusError } from '#kube/status/status.ts';
import { toYaml } from '#kube/yaml/yaml.ts';
import { temporaryPath } from '#world/process/editor.ts';
import type { Call } from '../command.ts';
import { CommandError, failureText } from '../failure.ts';
import { asCustomization, customizationsOf, type Source } from './customizations.ts';
import { bodyOf, type Edited, editedOf, headOf, parseEdited, withoutNotes } from './script-file.ts';

const kind = ResourceInterpreterCustomizationKind;
const spoken = `${kind.singular}.${kind.group}`;

const empty: ResourceInterpreterCustomization = {
  apiVersion: apiVersionOf(kind),
  kind: kind.kind,
  metadata: {},
  spec: { target: { apiVersion: '', kind: '' }, customizations: {} },
};

export async function edit(call: Call): Promise<number> {
  const { around, flags } = call;
  const source = await sourceOf(call);
  const original = source.object === empty ? empty : asCustomization(source);
  const path = temporaryPath(`${around.program}-edit-${around.clock.now()}.lua`);
  let body = bodyOf(editedOf(original), flags.on('show-doc'));
  let failures: readonly string[] = [];
  for (;;) {
    const text = await edited(call, path, `${headOf(failures)}${body}`);
    const cancelled = withoutNotes(text).trim() === '' ? 'saved file was empty' : unchanged(text, original);
    if (cancelled) {
      await around.disk.remove(path);
      around.errors.write(`Edit cancelled, ${cancelled}.\n`);
      return 0;
    }
    if (failures.length > 0 && withoutNotes(text).trim() === withoutNotes(body).trim()) {
      sayKept(call, path);
      throw new CommandError('Edit cancelled, no valid changes were saved.');
    }
    body = withoutNotes(text);
    try {
      failures = await save(call, source, original, text);
    } catch (error) {
      sayKept(call, path);
      throw error;
    }
    if (failures.length > 0) continue;
    await around.disk.remove(path);
    return 0;
  }
}

/** The one customization to edit; an empty one for a file that is not there yet. */
async function sourceOf(call: Call): Promise<Source> {
  const [file, ...others] = call.flags.texts('filename');
  if (
    file &&
    file !== '-' &&
    others.length === 0 &&
    (await call.around.disk.readText(file).catch(() => '')) === undefined
  )
    return { object: empty, file };
  const [source, ...more] = await customizationsOf(call);
  if (!source) return { object: empty, file: file! };
  if (more.length > 0) throw new CommandError('only one customization can be edited');
  return source;
}

const sayKept = ({ around }: Call, path: string) =>
  around.errors.write(`A copy of your changes has been stored to "${path}"\n`);

async function edited(call: Call, path: string, text: string): Promise<string> {
  const { environment, disk, edit: openEditor } = call.around;
  await disk.write(path, text);
  await openEditor(environment.KUBE_EDITOR || environment.EDITOR || 'vi', path).catch((error: unknown) => {
    sayKept(call, path);
    throw error;
  });
  return (await disk.readText(path)) ?? '';
}

/** Why there is nothing to save; undefined where there is, or where it cannot be told. */
function unchanged(text: string, original: ResourceInterpreterCustomization): string | undefined {
  try {
    return deepEqual(parseEdited(text), parseEdited(bodyOf(editedOf(original), false))) ? 'no changes made' : undefined;
  } catch {
    return undefined;
  }
}

/** What keeps it from being saved, each in a line or more; nothing when it has been. */
async function save(
  call: Call,
  source: Source,
  original: ResourceInterpreterCustomization,
  text: string,
): Promise<readonly string[]> {
  const { around } = call;
  try {
    const wanted = parseEdited(text);
    const wrong = await problemsWith(wanted, original);
    if (wrong.length > 0) return wrong;
    const { name, target, customizations } = wanted;
    await write(call, source, original, {
      ...original,
      metadata: { ...original.metadata, name },
      spec: { target, customizations },
    });
    around.output.write(`${spoken}/${name} edited\n`);
    return [];
  } catch (error) {
    if (error instanceof CommandError || isRefused(error)) return [failureText(error).trimEnd()];
    throw error;
  }
}

const refusals = new Set(['Invalid', 'Forbidden', 'BadRequest']);
/** By what is in the customization: another edit may do better. */
const isRefused = (error: unknown) => error instanceof StatusError && refusals.has(error.status.reason ?? '');

async function problemsWith(
  { name, target, customizations }: Edited,
  original: ResourceInterpreterCustomization,
): Promise<readonly string[]> {
  const old = original.metadata.name;
  const named = name === '' ? ['name: Required value'] : [];
  const renamed = old !== undefined && name !== old ? [`name: must stay ${old}`] : [];
  const untargeted = (['apiVersion', 'kind'] as const).flatMap((field) =>
    target[field] === '' ? [`${field}: Required value`] : [],
  );
  const problems = await scriptProblems(customizations);
  return [
    ...named,
    ...renamed,
    ...untargeted,
    ...problems.map(({ operation, message }) => `${operation.name}: ${message}`),
  ];
}

/** The control plane is told what differs: what others have changed meanwhile stays. */
async function write(
  { around }: Call,
  { file, session }: Source,
  original: ResourceInterpreterCustomization,
  wanted: ResourceInterpreterCustomization,
): Promise<void> {
  const value = wanted as unknown as JsonValue;
  if (session) {
    const patch = createMergePatch(original as unknown as JsonValue, value);
    await session.client
      .resource<ResourceInterpreterCustomization>(kind)
      .patch({ name: original.metadata.name! }, 'merge', patch, {
        fieldManager: 'kubectl-edit',
        onWarning: (text) => around.errors.write(`Warning: ${text}\n`),
      });
    return;
  }
  const text = file!.endsWith('.json') ? `${JSON.stringify(value, undefined, 4)}\n` : toYaml(value);
  if (file === 'STDIN') around.output.write(text);
  else await around.disk.write(file!, text, { mode: 0o644 });
}

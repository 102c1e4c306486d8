/** How commands send what they write: options, warnings, and failures that name the file. */
import type { WriteOptions } from '#client/api-client.ts';
import { StatusError } from '#kube/status/status.ts';
import type { Call } from '../command.ts';
import { CommandError, SourceError, throwAll } from '../failure.ts';
import type { DryRun } from '../output/written.ts';
import { type Manifest, readManifests } from './manifests.ts';

const validations: Readonly<Record<string, WriteOptions['fieldValidation']>> = {
  strict: 'Strict',
  true: 'Strict',
  warn: 'Warn',
  ignore: 'Ignore',
  false: 'Ignore',
};

/** `--validate` as the server is asked. */
export function fieldValidationOf({ flags }: Call): NonNullable<WriteOptions['fieldValidation']> {
  const asked = flags.text('validate').toLowerCase();
  const found = validations[asked];
  if (!found)
    throw new CommandError(
      `invalid - validate option "${asked}"; must be one of: strict (or true), warn, ignore (or false)`,
    );
  return found;
}

export function writeOptions(
  { around }: Call,
  fieldManager: string,
  dryRun: DryRun,
): WriteOptions & { readonly fieldManager: string } {
  return {
    fieldManager,
    ...(dryRun === 'server' ? { dryRun: true } : {}),
    onWarning: (text) => around.errors.write(`Warning: ${text}\n`),
  };
}

/** Runs a step for an object of a file; a failure says which file and what was being done (`creating`). */
export async function naming<T>(doing: string, source: string, step: () => Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (error) {
    throw sourceFailure(doing, source, error);
  }
}

/** A server's failure with its file; any other as it is. */
export const sourceFailure = (doing: string, source: string, error: unknown): unknown =>
  error instanceof StatusError ? new SourceError(`error when ${doing} ${JSON.stringify(source)}`, error) : error;

/**
 * Does `each` for every manifest that can be read and is wanted, one after the other; what fails is said at the end.
 * `command` names who was given nothing to do.
 */
export async function forEachManifest(
  call: Call,
  command: string,
  each: (manifest: Manifest) => Promise<void>,
  isWanted: (manifest: Manifest) => boolean = () => true,
): Promise<void> {
  if (call.flags.texts('filename').length === 0) throw new CommandError('must specify -f');
  const { manifests, failures } = await readManifests(call.around, call.flags, true);
  const wanted = manifests.filter(isWanted);
  const all = [...failures];
  if (wanted.length === 0 && all.length === 0) throw new CommandError(`no objects passed to ${command}`);
  for (const manifest of wanted) {
    try {
      await each(manifest);
    } catch (error) {
      all.push(error);
    }
  }
  throwAll(all);
}

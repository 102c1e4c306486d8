/** Objects from files, folders and standard input, each with where it came from. */
import { extname, join } from 'node:path';
import { printValue } from '#kube/jsonpath/print.ts';
import type { JsonObject, JsonValue, KubeObject } from '#kube/meta/object.ts';
import { parseYamlDocuments } from '#kube/yaml/yaml.ts';
import { diskFault } from '#world/disk/fault.ts';
import type { Flags } from '#world/process/flags.ts';
import { CommandError } from '../failure.ts';
import type { Surroundings } from '../surroundings.ts';

export interface Manifest {
  readonly object: KubeObject;
  /** A path, or `STDIN`. */
  readonly source: string;
}

export interface ManifestReading {
  readonly manifests: readonly Manifest[];
  /** What could not be read; the rest is good all the same. */
  readonly failures: readonly unknown[];
}

const extensions = new Set(['.json', '.yaml', '.yml']);
const standardInput = '-';

/** Reads `--filename` with `--recursive`. Never throws for what a file holds. `validated`: by a command that validates. */
export const readManifests = (around: Surroundings, flags: Flags, validated = false): Promise<ManifestReading> =>
  manifestsIn(around, flags.texts('filename'), flags.on('recursive'), validated);

/** The same of these files and folders. */
export async function manifestsIn(
  around: Surroundings,
  paths: readonly string[],
  recursive: boolean,
  validated = false,
): Promise<ManifestReading> {
  const manifests: Manifest[] = [];
  const failures: unknown[] = [];
  for (const path of paths) {
    for await (const part of partsOf(around, path, recursive)) {
      if (part instanceof Error) failures.push(part);
      else {
        const read = parse(part.text, part.source, validated);
        manifests.push(...read.manifests);
        failures.push(...read.failures);
      }
    }
  }
  return { manifests, failures };
}

/** All documents of a file, folder or standard input, objects or not; a list stands for what it holds. Throws CommandError. */
export async function documentsIn(around: Surroundings, path: string): Promise<readonly JsonValue[]> {
  const documents: JsonValue[] = [];
  for await (const part of partsOf(around, path, false)) {
    if (part instanceof Error) throw part;
    documents.push(...documentsOf(part));
  }
  return documents.flatMap((document) => (Array.isArray(document) ? (document as readonly JsonValue[]) : [document]));
}

function documentsOf({ text, source }: Part): readonly JsonValue[] {
  try {
    return parseYamlDocuments(text);
  } catch (error) {
    throw new CommandError(`error parsing ${source}: error converting YAML to JSON: ${(error as Error).message}`);
  }
}

interface Part {
  readonly text: string;
  readonly source: string;
}

async function* partsOf(around: Surroundings, path: string, recursive: boolean): AsyncGenerator<Part | Error> {
  if (path === standardInput) {
    yield { text: await around.readInput(), source: 'STDIN' };
    return;
  }
  if (/^https?:\/\//.test(path)) {
    yield new CommandError(`manifests are not read from URLs: download ${path} and give the file`);
    return;
  }
  const names = await around.disk.list(path).catch(() => undefined);
  if (!names) {
    yield filePart(around, path);
    return;
  }
  let found = false;
  for await (const part of folderParts(around, path, names, recursive)) {
    found = true;
    yield part;
  }
  if (!found)
    yield new CommandError(`error reading [${path}]: recognized file extensions are [${[...extensions].join(' ')}]`);
}

async function* folderParts(
  around: Surroundings,
  folder: string,
  names: readonly string[],
  recursive: boolean,
): AsyncGenerator<Part | Error> {
  for (const name of names) {
    const path = join(folder, name);
    if (extensions.has(extname(name))) yield filePart(around, path);
    else if (recursive) {
      const below = await around.disk.list(path).catch(() => undefined);
      if (below) yield* folderParts(around, path, below, true);
    }
  }
}

async function filePart({ disk }: Surroundings, path: string): Promise<Part | Error> {
  try {
    const text = await disk.readText(path);
    return text === undefined ? new CommandError(`the path "${path}" does not exist`) : { text, source: path };
  } catch (error) {
    return new CommandError(`cannot read "${path}": ${diskFault(error) ?? (error as Error).message}`);
  }
}

function parse(text: string, source: string, validated: boolean): ManifestReading {
  let documents: readonly JsonValue[];
  try {
    documents = documentsOf({ text, source });
  } catch (error) {
    return { manifests: [], failures: [error] };
  }
  const manifests: Manifest[] = [];
  const failures: unknown[] = [];
  for (const document of documents.flatMap(itemsOf)) {
    const missing = missingIn(document);
    if (missing.length === 0) manifests.push({ object: withMetadata(document as JsonObject), source });
    else failures.push(new CommandError(validated ? invalidText(source, missing) : undecodedText(source, document)));
  }
  return { manifests, failures };
}

const isObject = (value: JsonValue | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A `List` stands for what it holds. */
function itemsOf(document: JsonValue): readonly JsonValue[] {
  if (!isObject(document) || typeof document.kind !== 'string' || !document.kind.endsWith('List')) return [document];
  return Array.isArray(document.items) ? (document.items as readonly JsonValue[]).flatMap(itemsOf) : [document];
}

const isFilled = (value: JsonValue | undefined) => typeof value === 'string' && value !== '';

/** What no object can be without. */
function missingIn(document: JsonValue): readonly string[] {
  if (!isObject(document)) return ['apiVersion', 'kind'];
  return ['apiVersion', 'kind'].filter((field) => !isFilled(document[field]));
}

function invalidText(source: string, missing: readonly string[]): string {
  const texts = missing.map((field) => `${field} not set`);
  const shown = texts.length === 1 ? texts[0] : `[${texts.join(', ')}]`;
  return `error validating ${JSON.stringify(source)}: error validating data: ${shown}; if you choose to ignore these errors, turn validation off with --validate=false`;
}

function undecodedText(source: string, document: JsonValue): string {
  const field = isObject(document) && isFilled(document.kind) ? 'apiVersion' : 'Kind';
  return `unable to decode ${JSON.stringify(source)}: Object '${field}' is missing in '${printValue(document)}'`;
}

const withMetadata = (document: JsonObject): KubeObject =>
  ({ ...document, metadata: isObject(document.metadata) ? document.metadata : {} }) as unknown as KubeObject;

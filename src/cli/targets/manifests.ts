/** Objects from files, folders and standard input, each with where it came from. */
import { extname, join } from 'node:path';
import type { JsonObject, JsonValue, KubeObject } from '#kube/meta/object.ts';
import { printValue } from '#kube/jsonpath/print.ts';
import { parseYamlDocuments } from '#kube/yaml/yaml.ts';
import type { Flags } from '#world/process/flags.ts';
import { CommandError, Failures } from '../failure.ts';
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

/** Reads `--filename` with `--recursive`. Never throws for what a file holds. */
export async function readManifests(around: Surroundings, flags: Flags): Promise<ManifestReading> {
  const manifests: Manifest[] = [];
  const failures: unknown[] = [];
  for (const path of flags.texts('filename')) {
    for await (const part of partsOf(around, path, flags.on('recursive'))) {
      if (part instanceof Error) failures.push(part);
      else {
        const read = parse(part.text, part.source);
        manifests.push(...read.manifests);
        failures.push(...read.failures);
      }
    }
  }
  return { manifests, failures };
}

/** For commands that do nothing unless everything can be read. */
export async function readAllManifests(around: Surroundings, flags: Flags): Promise<readonly Manifest[]> {
  const { manifests, failures } = await readManifests(around, flags);
  if (failures.length > 0) throw failures.length === 1 ? failures[0] : new Failures(failures);
  return manifests;
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
  if (names) yield* folderParts(around, path, names, recursive);
  else yield filePart(around, path);
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
    return new CommandError(`cannot read "${path}": ${(error as Error).message}`);
  }
}

function parse(text: string, source: string): ManifestReading {
  let documents: readonly JsonValue[];
  try {
    documents = parseYamlDocuments(text);
  } catch (error) {
    const why = `error parsing ${source}: error converting YAML to JSON: ${(error as Error).message}`;
    return { manifests: [], failures: [new CommandError(why)] };
  }
  const manifests: Manifest[] = [];
  const failures: unknown[] = [];
  for (const document of documents.flatMap(itemsOf)) {
    const wrong = whatIsMissing(document);
    if (wrong === undefined) manifests.push({ object: withMetadata(document as JsonObject), source });
    else failures.push(new CommandError(`unable to decode "${source}": ${wrong} in '${printValue(document)}'`));
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

function whatIsMissing(document: JsonValue): string | undefined {
  if (!isObject(document)) return 'it is no object';
  if (typeof document.kind !== 'string' || document.kind === '') return "Object 'Kind' is missing";
  if (typeof document.apiVersion !== 'string' || document.apiVersion === '') return "Object 'apiVersion' is missing";
  if (document.metadata !== undefined && document.metadata !== null && !isObject(document.metadata))
    return 'metadata is no object';
  return undefined;
}

const withMetadata = (document: JsonObject): KubeObject =>
  ({ ...document, metadata: document.metadata ?? {} }) as unknown as KubeObject;

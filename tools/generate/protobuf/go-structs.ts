/** What Go's types say about their fields beyond generated.proto: names in JSON, pointers, embedding, what is left out. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface GoField {
  /** Of the protobuf tag. */
  readonly number: number;
  /** Of the json tag; '' where the field's own fields stand in its place. */
  readonly name: string;
  readonly pointer: boolean;
  readonly omitEmpty: boolean;
  readonly omitZero: boolean;
}

export interface GoPackage {
  /** By name of the struct. */
  readonly structs: ReadonlyMap<string, readonly GoField[]>;
  /** Types that are slices: `type Verbs []string`. */
  readonly slices: ReadonlySet<string>;
  /** Types that write their JSON themselves. */
  readonly ownJson: ReadonlySet<string>;
}

const written = (file: string) => file.endsWith('.go') && !/_test\.go$|^zz_|^generated\./.test(file);

export function readGoPackage(folder: string): GoPackage {
  const text = readdirSync(folder)
    .filter(written)
    .sort()
    .map((file) => readFileSync(join(folder, file), 'utf8'))
    .join('\n');
  const structs = new Map<string, readonly GoField[]>();
  for (const [, name, body = ''] of text.matchAll(/^type (\w+) struct ?\{(?:\}|\n([\s\S]*?)^\})/gm)) {
    structs.set(name!, body.split('\n').flatMap(fieldOf));
  }
  const names = (pattern: RegExp) => new Set([...text.matchAll(pattern)].map((match) => match[1]!));
  return {
    structs,
    slices: names(/^type (\w+) \[\]/gm),
    ownJson: names(/^func \(\w* ?\*?(\w+)\) MarshalJSON\(\)/gm),
  };
}

/** `\tName *string `json:"name,omitempty" protobuf:"bytes,1,opt,name=name"``; an embedded struct has its type alone. */
function fieldOf(line: string): readonly GoField[] {
  const parts = /^\t([^`/]+?)\s*`([^`]*)`/.exec(line);
  const number = /protobuf:"\w+,(\d+)/.exec(parts?.[2] ?? '')?.[1];
  if (!parts || number === undefined) return [];
  const [name = '', ...options] = (/json:"([^"]*)"/.exec(parts[2]!)?.[1] ?? '').split(',');
  const words = parts[1]!.split(/\s+/);
  const type = words.length > 1 ? words.slice(1).join(' ') : words[0]!;
  return [
    {
      number: Number(number),
      name,
      pointer: type.startsWith('*'),
      omitEmpty: options.includes('omitempty'),
      omitZero: options.includes('omitzero'),
    },
  ];
}

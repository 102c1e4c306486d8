/** The messages of a generated.proto, as far as Kubernetes uses the language: no groups, no enums, no oneof. */

export interface ProtoField {
  readonly number: number;
  /** `map<string, T>` has string keys throughout. */
  readonly label: 'optional' | 'repeated' | 'map';
  /** A scalar type, or the full name of a message. */
  readonly type: string;
}

export interface ProtoFile {
  readonly package: string;
  /** By name within the package, fields in order of their numbers. */
  readonly messages: ReadonlyMap<string, readonly ProtoField[]>;
}

export const scalarTypes = new Set(['bool', 'bytes', 'double', 'int32', 'int64', 'string']);

export function parseProto(text: string): ProtoFile {
  const plain = text.replace(/^\s*\/\/.*$/gm, '');
  const name = /^package ([\w.]+);/m.exec(plain)?.[1];
  if (name === undefined) throw new Error('the file names no package');
  const messages = new Map<string, readonly ProtoField[]>();
  for (const [, message, body] of plain.matchAll(/^message (\w+) \{\n([\s\S]*?)^\}/gm)) {
    const lines = body!.split('\n').filter((line) => line.trim() !== '');
    messages.set(
      message!,
      lines.map((line) => fieldOf(line, name)).sort((left, right) => left.number - right.number),
    );
  }
  return { package: name, messages };
}

const pattern = /^\s*(?:(optional|repeated) ([\w.]+)|map<string, ([\w.]+)>) \w+ = (\d+);$/;

function fieldOf(line: string, ownPackage: string): ProtoField {
  const parts = pattern.exec(line);
  if (!parts) throw new Error(`not understood in a .proto file: ${line}`);
  const [, label = 'map', single, value, number] = parts;
  return {
    number: Number(number),
    label: label as ProtoField['label'],
    type: fullName((single ?? value)!, ownPackage),
  };
}

/** A leading dot says that the name is whole; else it is a scalar or a message of the same package. */
function fullName(type: string, ownPackage: string): string {
  if (scalarTypes.has(type)) return type;
  return type.startsWith('.') ? type.slice(1) : `${ownPackage}.${type}`;
}

/** Paths into a schema, `.spec.replicas` or `['spec'].replicas`, as selectable fields and rules name fields. */
import { fieldsOf, isObject, type Props } from './props.ts';

export interface FoundField {
  readonly path: readonly string[];
  readonly schema: Props;
}

/** The field a path leads to, or what is wrong with the path, in upstream's words (cel.ValidFieldPath). */
export function findField(text: string, root: Props, brackets: boolean): FoundField | string {
  const tokens = tokensOf(text);
  const path: string[] = [];
  let schema = root;
  for (let at = 0; at < tokens.length; ) {
    const token = tokens[at]!;
    if (token === '[' && !brackets) return 'array notation is not allowed';
    if (token !== '[' && token !== '.') return `expected [ or . but got: ${token}`;
    const next = tokens[at + 1];
    if (next === undefined) return 'unexpected end of JSON path';
    if (token === '[' && !/^'.*'$/s.test(next)) return `expected single quoted string but got ${next}`;
    const name = token === '[' ? unescaped(next.slice(1, -1)) : next;
    const found = below(schema, name);
    if (!found) return 'does not refer to a valid field';
    path.push(name);
    schema = found;
    if (token === '[' && tokens[at + 2] === undefined) return 'unexpected end of JSON path';
    if (token === '[' && tokens[at + 2] !== ']') return `expected ] but got ${tokens[at + 2]}`;
    at += token === '[' ? 3 : 2;
  }
  return { path, schema };
}

/** Dots, brackets, quoted names, and what stands between them. */
const tokensOf = (text: string): readonly string[] => text.match(/'(?:[^'\\]|\\.)+'|[.[\]]|[^.[\]]+/gs) ?? [];

const unescaped = (text: string) => text.replace(/\\(.)/gs, '$1');

function below(schema: Props, name: string): Props | undefined {
  const properties = fieldsOf(schema.properties);
  if (Object.keys(properties).length > 0) return Object.hasOwn(properties, name) ? properties[name] : undefined;
  return isObject(schema.additionalProperties) ? schema.additionalProperties : undefined;
}

/** fieldPath of a rule: the field below its own that a failure is told of. */
import type { Schema } from '#kube/schema/schema.ts';
import { type Rule, textOf } from './compile.ts';

/** What comes after the path of the rule's own value: `.replicas`, `[key]`; '' when the rule names none. */
export function fieldSuffix(rule: Rule, schema: Schema, path: string): string {
  const written = textOf(rule.fieldPath);
  if (written === '') return '';
  const names = (written.match(/'(?:[^'\\]|\\.)+'|[^.[\]]+/gs) ?? []).map((name) =>
    name.startsWith("'") ? name.slice(1, -1).replace(/\\(.)/gs, '$1') : name,
  );
  let text = '';
  let at: Schema | undefined = schema;
  for (const name of names) {
    const isField: boolean = at?.properties !== undefined;
    text += isField ? (text === '' ? name : `.${name}`) : `[${name}]`;
    at = isField ? at?.properties?.[name] : at?.additionalProperties;
  }
  return path === '' ? text : `.${text}`;
}

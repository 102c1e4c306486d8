/** Field names as CEL identifiers: what is no identifier is escaped, what cannot be is not seen by expressions. */
import { isKeyword } from '../check/scope.ts';

const escapes: Readonly<Record<string, string>> = {
  __: '__underscores__',
  '.': '__dot__',
  '-': '__dash__',
  '/': '__slash__',
};
const unescapes: ReadonlyMap<string, string> = new Map(
  Object.entries(escapes).map(([character, escaped]) => [escaped.slice(2, -2), character]),
);

/** undefined where a field's name has characters no escape stands for. */
export function escapeField(name: string): string | undefined {
  if (name === '' || /^\d/.test(name)) return undefined;
  if (isKeyword(name)) return `__${name}__`;
  if (/^[A-Za-z0-9_]*$/.test(name) && !name.includes('__')) return name;
  if (/[^A-Za-z0-9_./-]/.test(name)) return undefined;
  return name.replace(/__|[-./]/g, (part) => escapes[part]!);
}

/** undefined where the name has an escape that stands for nothing. */
export function unescapeField(escaped: string): string | undefined {
  if (!escaped.includes('__')) return escaped;
  let valid = true;
  const name = escaped.replace(/__([^_]+)__/g, (part: string, content: string) => {
    const character = unescapes.get(content);
    if (character !== undefined) return character;
    if (!isKeyword(content) || part.length !== escaped.length) valid = false;
    return content;
  });
  return valid ? name : undefined;
}

/** Members that a JSON text states twice: a parser keeps the last and says nothing, kube-apiserver warns or refuses. */

const noted = new WeakMap<object, readonly string[]>();

/** Paths of what was stated twice in the text that `value` was read from. */
export const duplicatesIn = (value: unknown): readonly string[] =>
  (typeof value === 'object' && value !== null ? noted.get(value) : undefined) ?? [];

/**
 * Looks for them, at the price of writing `value` once where it was written without spaces: what is as long as the text
 * has lost nothing. `text` is valid JSON.
 */
export function noteDuplicates(text: string, value: object): void {
  if (JSON.stringify(value).length === text.trim().length) return;
  const found = duplicateMembers(text);
  if (found.length > 0) noted.set(value, found);
}

/** So many are named; a hostile text is not read further. */
const most = 100;

/** Where a container is: its path, the names met so far (of an object), or how many items (of a list). */
interface Open {
  readonly path: string;
  readonly names: Set<string> | undefined;
  items: number;
  /** The member whose value comes next. */
  name: string;
}

/** As Go names them: `spec.containers[0].name`. */
export function duplicateMembers(text: string): readonly string[] {
  const found: string[] = [];
  const open: Open[] = [];
  const pathHere = (): string => {
    const top = open.at(-1);
    if (!top) return '';
    if (!top.names) return `${top.path}[${top.items}]`;
    return top.path === '' ? top.name : `${top.path}.${top.name}`;
  };
  const tokens = /"(?:[^"\\]|\\.)*"|[{}[\],]/g;
  let isName = false;
  for (let token = tokens.exec(text); token && found.length < most; token = tokens.exec(text)) {
    const [lexeme] = token;
    const top = open.at(-1);
    if (lexeme === '{' || lexeme === '[') {
      const names = lexeme === '{' ? new Set<string>() : undefined;
      open.push({ path: pathHere(), names, items: 0, name: '' });
      isName = lexeme === '{';
    } else if (lexeme === '}' || lexeme === ']') {
      open.pop();
      isName = false;
    } else if (lexeme === ',') {
      if (top && !top.names) top.items++;
      isName = top?.names !== undefined;
    } else if (isName && top?.names) {
      isName = false;
      top.name = JSON.parse(lexeme) as string;
      if (top.names.has(top.name)) found.push(pathHere());
      top.names.add(top.name);
    }
  }
  return found;
}

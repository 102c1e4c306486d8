/** Members that a text states twice: a parser keeps the last and says nothing, kube-apiserver warns or refuses. */

/** What was stated twice in a body. */
export interface Repeats {
  /** Of a text in JSON, the text: the order of what is wrong with it is the order in which it stands there. */
  readonly json?: string;
  /** Paths in JSON; in YAML lines, in the words of Go's parser. */
  readonly texts: readonly string[];
}

const noted = new WeakMap<object, Repeats>();

/** Of the text that `value` was read from. */
export const repeatsIn = (value: unknown): Repeats | undefined =>
  typeof value === 'object' && value !== null ? noted.get(value) : undefined;

export function noteRepeats(value: unknown, repeats: Repeats): void {
  if (typeof value === 'object' && value !== null) noted.set(value, repeats);
}

/**
 * Looks for them, at the price of writing `value` once where it was written without spaces: what is as long as the text
 * has lost nothing. `text` is valid JSON.
 */
export function duplicatesOf(text: string, value: object): readonly string[] {
  return JSON.stringify(value).length === text.trim().length ? [] : duplicateMembers(text);
}

/** So many are named; a hostile text is not read further. */
const most = 100;

/** Where a container is: its path, the names met so far (of an object), or how many items (of a list). */
interface Open {
  readonly path: string;
  readonly names: Set<string> | undefined;
  /** Within a member that is not known, nothing is looked at. */
  readonly ignored: boolean;
  items: number;
  /** The member whose value comes next. */
  name: string;
}

interface Fault {
  readonly path: string;
  readonly unknown: boolean;
}

const nothing: ReadonlySet<string> = new Set();

/** As Go names them: `spec.containers[0].name`. */
export const duplicateMembers = (text: string): readonly string[] => faults(text, nothing).map(({ path }) => path);

/** Members stated twice and those that are not known, in Go's words and in the order in which its decoder meets them. */
export const faultsInOrder = (text: string, unknown: readonly string[]): readonly string[] =>
  faults(text, new Set(unknown)).map((fault) => (fault.unknown ? unknownField : duplicateField)(fault.path));

export const duplicateField = (path: string) => `duplicate field ${JSON.stringify(path)}`;
export const unknownField = (path: string) => `unknown field ${JSON.stringify(path)}`;

function pathIn(top: Open | undefined): string {
  if (!top) return '';
  if (!top.names) return `${top.path}[${top.items}]`;
  return top.path === '' ? top.name : `${top.path}.${top.name}`;
}

/** What is wrong with the member that begins here. */
function faultOf(top: Open, unknown: ReadonlySet<string>, told: Set<string>): Fault | undefined {
  if (top.ignored) return undefined;
  const path = pathIn(top);
  const twice = top.names!.has(top.name);
  top.names!.add(top.name);
  if (!unknown.has(path)) return twice ? { path, unknown: false } : undefined;
  if (told.has(path)) return undefined;
  told.add(path);
  return { path, unknown: true };
}

function opened(top: Open | undefined, bracket: string, unknown: ReadonlySet<string>): Open {
  const path = pathIn(top);
  const ignored = top !== undefined && (top.ignored || unknown.has(path));
  return { path, names: bracket === '{' ? new Set<string>() : undefined, ignored, items: 0, name: '' };
}

function faults(text: string, unknown: ReadonlySet<string>): readonly Fault[] {
  const found: Fault[] = [];
  const told = new Set<string>();
  const open: Open[] = [];
  const tokens = /"(?:[^"\\]|\\.)*"|[{}[\],]/g;
  let isName = false;
  for (let token = tokens.exec(text); token && found.length < most; token = tokens.exec(text)) {
    const [lexeme] = token;
    const top = open.at(-1);
    if (lexeme === '{' || lexeme === '[') {
      open.push(opened(top, lexeme, unknown));
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
      const fault = faultOf(top, unknown, told);
      if (fault) found.push(fault);
    }
  }
  return found;
}

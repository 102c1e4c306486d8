/** Keys that a YAML text states twice in one map, as go-yaml tells them: the line of the later value, and the key. */

/** What a parser meets. `at`: offset in the text, -1 where it tells none. */
export type YamlStep =
  | { readonly type: 'map' | 'list' | 'alias'; readonly at: number }
  | { readonly type: 'scalar'; readonly at: number; readonly value: unknown }
  | { readonly type: 'document' | 'end'; readonly at?: undefined };

interface Frame {
  readonly keys: Set<string> | undefined;
  /** Of the value that is awaited; undefined while a key is. */
  key: string | undefined;
  /** Offset of that value. */
  at: number;
}

/** So many are named. */
const most = 100;

/** Of the first document: the others are not read. */
export function repeatedKeys(text: string, steps: Iterable<YamlStep>): readonly string[] {
  const found: string[] = [];
  const frames: Frame[] = [];
  const lineAt = (at: number) => text.slice(0, at).split('\n').length;
  /** A key or a value is whole. */
  const ended = (): void => {
    const frame = frames.at(-1);
    if (!frame?.keys || frame.key === undefined) return;
    if (frame.keys.has(frame.key)) found.push(`line ${lineAt(frame.at)}: key ${frame.key} already set in map`);
    frame.keys.add(frame.key);
    frame.key = undefined;
  };
  for (const step of steps) {
    if (found.length >= most) break;
    if (step.type === 'end') {
      frames.pop();
      if (frames.length === 0) break;
      ended();
      continue;
    }
    const within = frames.at(-1);
    const isKey = within?.keys !== undefined && within.key === undefined;
    if (within && !isKey && step.at !== undefined) within.at = step.at;
    if (step.type === 'scalar' && isKey) within.key = JSON.stringify(step.value);
    else if (step.type === 'scalar' || step.type === 'alias') {
      if (isKey) within.key = '<alias>';
      else ended();
    } else frames.push({ keys: step.type === 'map' ? new Set() : undefined, key: undefined, at: 0 });
  }
  return found;
}

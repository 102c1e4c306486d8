/** The line that somebody types at a terminal, shown as it is edited: the keys that shells know. */

export type Typed =
  | { readonly kind: 'line'; readonly text: string }
  /** Ctrl-D on an empty line. */
  | { readonly kind: 'end' }
  | { readonly kind: 'interrupt' };

/** Of one line: more is a paste gone wrong. */
const mostLine = 16 * 1024;
const mostHistory = 200;
const esc = '\u001b';

type Key = (editor: LineEditor) => Promise<void> | undefined;

/** Behind `ESC [`, and without it. */
const sequences: Readonly<Record<string, Key>> = {
  A: (editor) => editor.recall(-1),
  B: (editor) => editor.recall(1),
  C: (editor) => editor.moveTo(editor.cursor + 1),
  D: (editor) => editor.moveTo(editor.cursor - 1),
  H: (editor) => editor.moveTo(0),
  F: (editor) => editor.moveTo(editor.line.length),
  '3~': (editor) => editor.erase(editor.cursor, editor.cursor + 1),
};

const keys: Readonly<Record<string, Key>> = {
  '\u0001': (editor) => editor.moveTo(0),
  '\u0005': (editor) => editor.moveTo(editor.line.length),
  '\u0008': (editor) => editor.erase(editor.cursor - 1, editor.cursor),
  '\u007f': (editor) => editor.erase(editor.cursor - 1, editor.cursor),
  '\u000b': (editor) => editor.erase(editor.cursor, editor.line.length),
  '\u000c': (editor) => editor.clear(),
  '\u0015': (editor) => editor.erase(0, editor.cursor),
  '\u0017': (editor) => editor.erase(editor.line.slice(0, editor.cursor).trimEnd().lastIndexOf(' ') + 1, editor.cursor),
  '\t': () => undefined,
};

export class LineEditor {
  line = '';
  cursor = 0;
  readonly #show: (text: string) => Promise<void>;
  readonly #history: string[] = [];
  #recalled = 0;
  #prompt: string | undefined;
  #sequence = '';

  constructor(show: (text: string) => Promise<void>) {
    this.#show = show;
  }

  /** A shell reads: what is typed is remembered, and comes back with the arrow keys. */
  begin(prompt: string): void {
    this.#prompt = prompt;
    this.#recalled = this.#history.length;
  }

  finish(): void {
    this.#prompt = undefined;
  }

  async type(text: string, tell: (entry: Typed) => void): Promise<void> {
    for (const char of text) {
      if (this.#sequence === '' && char !== esc) await this.#key(char, tell);
      else await this.#escaped(char);
    }
  }

  recall(step: number): Promise<void> | undefined {
    const wanted = this.#recalled + step;
    if (this.#prompt === undefined || wanted < 0 || wanted > this.#history.length) return undefined;
    this.#recalled = wanted;
    this.line = this.#history[wanted] ?? '';
    this.cursor = this.line.length;
    return this.#redraw();
  }

  moveTo(position: number): Promise<void> | undefined {
    if (position < 0 || position > this.line.length) return undefined;
    this.cursor = position;
    return this.#redraw();
  }

  erase(from: number, to: number): Promise<void> | undefined {
    if (from < 0 || from >= this.line.length) return undefined;
    this.line = this.line.slice(0, from) + this.line.slice(to);
    this.cursor = from;
    return this.#redraw();
  }

  async clear(): Promise<void> {
    await this.#show(`${esc}[H${esc}[J`);
    await this.#redraw();
  }

  #redraw(): Promise<void> {
    const back = this.line.length - this.cursor;
    return this.#show(`\r${esc}[K${this.#prompt ?? ''}${this.line}${back > 0 ? `${esc}[${back}D` : ''}`);
  }

  /** `ESC [ … letter` or `~`, `ESC O letter`; anything else is no sequence. */
  async #escaped(char: string): Promise<void> {
    const sequence = this.#sequence + char;
    const rest = sequence.slice(1);
    if (rest === '' || rest === 'O' || /^\[[\d;]*$/.test(rest)) {
      this.#sequence = sequence;
      return;
    }
    this.#sequence = '';
    await sequences[rest.slice(1)]?.(this);
  }

  async #key(char: string, tell: (entry: Typed) => void): Promise<void> {
    if (char === '\r' || char === '\n') {
      await this.#show('\r\n');
      tell({ kind: 'line', text: this.#take() });
    } else if (char === '\u0003') {
      await this.#show('^C\r\n');
      this.#take();
      tell({ kind: 'interrupt' });
    } else if (char === '\u0004') {
      if (this.line === '') tell({ kind: 'end' });
    } else if (keys[char]) await keys[char](this);
    else if (char >= ' ') await this.#insert(char);
  }

  #insert(char: string): Promise<void> | undefined {
    if (this.line.length >= mostLine) return undefined;
    const atEnd = this.cursor === this.line.length;
    this.line = this.line.slice(0, this.cursor) + char + this.line.slice(this.cursor);
    this.cursor += char.length;
    return atEnd ? this.#show(char) : this.#redraw();
  }

  #take(): string {
    const text = this.line;
    if (this.#prompt !== undefined && text.trim() !== '' && this.#history.at(-1) !== text) this.#history.push(text);
    if (this.#history.length > mostHistory) this.#history.shift();
    this.#recalled = this.#history.length;
    this.line = '';
    this.cursor = 0;
    return text;
  }
}

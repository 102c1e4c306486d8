/**
 * A terminal between somebody who types and a shell: what is typed is made into lines, Ctrl-C ends what runs, and output
 * gets the carriage returns a screen wants.
 */
import type { ProcessStreams, TerminalSize } from '#kube/connect/nodes.ts';
import { LineEditor, type Typed } from './line-editor.ts';
import { BrokenPipe, type Streams, type Terminal, type Write } from './process.ts';

const usualSize: TerminalSize = { width: 80, height: 24 };

export class OpenTerminal implements Terminal {
  readonly streams: Streams;
  readonly #served: ProcessStreams;
  readonly #editor: LineEditor;
  readonly #typed: Typed[] = [];
  #size = usualSize;
  #wake: (() => void) | undefined;
  #over = false;
  #interrupt: (() => void) | undefined;
  /** What runs has been interrupted: whoever still reads is at its end. */
  #interrupted = false;

  constructor(served: ProcessStreams) {
    this.#served = served;
    this.#editor = new LineEditor((text) => this.#raw(text));
    const write: Write = (bytes) =>
      this.#raw(
        Buffer.from(
          Buffer.from(bytes as Uint8Array)
            .toString('latin1')
            .replace(/\r?\n/g, '\r\n'),
          'latin1',
        ),
      );
    this.streams = { stdin: { [Symbol.asyncIterator]: () => this.#lines() }, stdout: write, stderr: write };
    served.onResize((changed) => {
      this.#size = changed;
    });
    served.signal.addEventListener('abort', () => this.#wake?.(), { once: true });
    void this.#listen();
  }

  size(): TerminalSize {
    return this.#size;
  }

  async readLine(prompt: string): ReturnType<Terminal['readLine']> {
    await this.#raw(prompt);
    this.#editor.begin(prompt);
    const entry = await this.#next();
    this.#editor.finish();
    if (entry.kind === 'interrupt') return 'interrupted';
    if (entry.kind === 'line') return { text: entry.text };
    if (!this.#over) await this.#raw('\r\n');
    return undefined;
  }

  async foreground<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const { signal } = this.#served;
    const stopped = new AbortController();
    const stop = () => stopped.abort();
    this.#interrupt = stop;
    this.#interrupted = false;
    signal.addEventListener('abort', stop, { once: true });
    try {
      return await work(stopped.signal);
    } finally {
      signal.removeEventListener('abort', stop);
      this.#interrupt = undefined;
      this.#interrupted = false;
    }
  }

  async #raw(text: string | Uint8Array): Promise<void> {
    const { stdout } = this.#served;
    if (stdout && !(await stdout(typeof text === 'string' ? Buffer.from(text) : text))) throw new BrokenPipe();
  }

  async #listen(): Promise<void> {
    const decoder = new TextDecoder();
    const tell = (entry: Typed) => {
      if (entry.kind === 'interrupt' && this.#interrupt) {
        this.#interrupted = true;
        this.#interrupt();
      } else this.#typed.push(entry);
      this.#wake?.();
    };
    try {
      for await (const bytes of this.#served.stdin ?? [])
        await this.#editor.type(decoder.decode(bytes, { stream: true }), tell);
    } catch (error) {
      if (!(error instanceof BrokenPipe)) throw error;
    } finally {
      this.#over = true;
      this.#wake?.();
    }
  }

  async #next(): Promise<Typed> {
    while (this.#typed.length === 0) {
      if (this.#over || this.#interrupted || this.#served.signal.aborted) return { kind: 'end' };
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    return this.#typed.shift()!;
  }

  /** What programs read: lines, until Ctrl-D ends it for this one reader. */
  async *#lines(): AsyncGenerator<Uint8Array> {
    for (let entry = await this.#next(); entry.kind !== 'end'; entry = await this.#next())
      if (entry.kind === 'line') yield Buffer.from(`${entry.text}\n`);
  }
}

/** What is wrong with a text that is no JSON, in the words of Go's decoder, which kube-apiserver hands on. */

const space = (char: string) => char === ' ' || char === '\t' || char === '\n' || char === '\r';
const digit = (char: string) => char >= '0' && char <= '9';
const hexadecimal = /[0-9a-fA-F]/;

const cut = 'unexpected end of JSON input';

class SyntaxFault extends Error {}

/** Where the text could go on, with one character looked at after the other. */
class Scanner {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  skipSpace(): void {
    while (this.#at < this.#text.length && space(this.#text[this.#at]!)) this.#at++;
  }

  get ended(): boolean {
    return this.#at >= this.#text.length;
  }

  /** Throws where the text has ended. */
  get char(): string {
    if (this.ended) throw new SyntaxFault(cut);
    return this.#text[this.#at]!;
  }

  next(): void {
    this.#at++;
  }

  is(char: string): boolean {
    return !this.ended && this.#text[this.#at] === char;
  }

  wrong(context: string): SyntaxFault {
    return new SyntaxFault(`invalid character ${quoted(this.#text.codePointAt(this.#at)!)} ${context}`);
  }

  require(test: (char: string) => boolean, context: string): void {
    if (!test(this.char)) throw this.wrong(context);
    this.next();
  }

  string(): void {
    this.next();
    for (;;) {
      const { char } = this;
      if (char === '"') break;
      if (char < ' ') throw this.wrong('in string literal');
      this.next();
      if (char !== '\\') continue;
      if (this.char === 'u') {
        this.next();
        for (let count = 0; count < 4; count++)
          this.require((each) => hexadecimal.test(each), 'in \\u hexadecimal character escape');
      } else this.require((each) => '"\\/bfnrt'.includes(each), 'in string escape code');
    }
    this.next();
  }

  literal(word: string): void {
    this.next();
    for (const expected of word.slice(1))
      this.require((each) => each === expected, `in literal ${word} (expecting '${expected}')`);
  }

  number(): void {
    if (this.is('-')) {
      this.next();
      if (!digit(this.char)) throw this.wrong('in numeric literal');
    }
    if (this.is('0')) this.next();
    else this.#digits();
    if (this.is('.')) {
      this.next();
      this.require(digit, 'after decimal point in numeric literal');
      this.#digits();
    }
    if (!this.is('e') && !this.is('E')) return;
    this.next();
    if (this.is('+') || this.is('-')) this.next();
    this.require(digit, 'in exponent of numeric literal');
    this.#digits();
  }

  #digits(): void {
    while (!this.ended && digit(this.char)) this.next();
  }
}

/** A character as Go's scanner quotes it: of what is beyond ASCII it sees the first byte. */
function quoted(point: number): string {
  const char = String.fromCodePoint(point < 0x80 ? point : new TextEncoder().encode(String.fromCodePoint(point))[0]!);
  if (char === "'") return String.raw`'\''`;
  if (char === '"') return `'"'`;
  const text = JSON.stringify(char).slice(1, -1);
  return `'${text.replace(/^\\u00([0-9a-f]{2})$/, String.raw`\x$1`)}'`;
}

const words: Readonly<Record<string, string>> = { t: 'true', f: 'false', n: 'null' };

/** A value that is no container. */
function scalar(scanner: Scanner): void {
  const { char } = scanner;
  if (char === '"') scanner.string();
  else if (words[char]) scanner.literal(words[char]);
  else if (char === '-' || digit(char)) scanner.number();
  else throw scanner.wrong('looking for beginning of value');
}

/** The key of a member and its colon. */
function key(scanner: Scanner): void {
  scanner.skipSpace();
  if (scanner.char !== '"') throw scanner.wrong('looking for beginning of object key string');
  scanner.string();
  scanner.skipSpace();
  scanner.require((char) => char === ':', 'after object key');
}

function scan(scanner: Scanner): void {
  const open: ('{' | '[')[] = [];
  for (;;) {
    scanner.skipSpace();
    const { char } = scanner;
    if (char === '{' || char === '[') {
      scanner.next();
      scanner.skipSpace();
      if (!scanner.is(char === '{' ? '}' : ']')) {
        open.push(char);
        if (char === '{') key(scanner);
        continue;
      }
      scanner.next();
    } else scalar(scanner);
    if (!follow(scanner, open)) return;
  }
}

/** What comes after a value: whether there is another one. */
function follow(scanner: Scanner, open: ('{' | '[')[]): boolean {
  for (;;) {
    scanner.skipSpace();
    const within = open.at(-1);
    if (within === undefined) {
      if (scanner.ended) return false;
      throw scanner.wrong('after top-level value');
    }
    if (scanner.is(',')) {
      scanner.next();
      if (within === '{') key(scanner);
      return true;
    }
    scanner.require(
      (char) => char === (within === '{' ? '}' : ']'),
      within === '{' ? 'after object key:value pair' : 'after array element',
    );
    open.pop();
  }
}

/** undefined where Go's decoder would find nothing wrong. */
export function jsonSyntaxError(text: string): string | undefined {
  try {
    scan(new Scanner(text));
    return undefined;
  } catch (error) {
    if (error instanceof SyntaxFault) return error.message;
    throw error;
  }
}

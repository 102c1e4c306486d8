/**
 * Lua's patterns over bytes (5.1's manual, 5.4.1), matched by backtracking as Lua does; each step is paid for, so that a
 * pattern which would try for ever ends.
 */
import type { Run } from '../run.ts';

/** Of a capture that is still open, and of one that is a position. */
const open = -1;
const position = -2;

const mostCaptures = 32;
/** Items in one pattern that may each try again; more would need more of JavaScript's stack. */
const deepest = 200;

export interface Capture {
  readonly start: number;
  /** Its length, or `position`. */
  length: number;
}

const isAlpha = (code: number) => (code >= 65 && code <= 90) || (code >= 97 && code <= 122);
const isDigit = (code: number) => code >= 48 && code <= 57;
const isLower = (code: number) => code >= 97 && code <= 122;
const isUpper = (code: number) => code >= 65 && code <= 90;
const isSpace = (code: number) => code === 32 || (code >= 9 && code <= 13);
const isControl = (code: number) => code < 32 || code === 127;
const isAlphanumeric = (code: number) => isAlpha(code) || isDigit(code);
const isHexadecimal = (code: number) => isDigit(code) || (code >= 65 && code <= 70) || (code >= 97 && code <= 102);
const isPunctuation = (code: number) => code > 32 && code < 127 && !isAlphanumeric(code);

const classes: ReadonlyMap<string, (code: number) => boolean> = new Map([
  ['a', isAlpha],
  ['c', isControl],
  ['d', isDigit],
  ['l', isLower],
  ['p', isPunctuation],
  ['s', isSpace],
  ['u', isUpper],
  ['w', isAlphanumeric],
  ['x', isHexadecimal],
  ['z', (code: number) => code === 0],
]);

/** Is the character in `%x`? An upper case letter means all that are not; what is no class means itself. */
function inClass(code: number, letter: string): boolean {
  const member = classes.get(letter.toLowerCase());
  if (!member) return code === letter.charCodeAt(0);
  return member(code) === (letter === letter.toLowerCase());
}

/** One pattern on one subject. */
export class Matcher {
  readonly captures: Capture[] = [];
  readonly #run: Run;
  readonly #subject: string;
  readonly #pattern: string;
  #depth = 0;

  constructor(run: Run, subject: string, pattern: string) {
    this.#run = run;
    this.#subject = subject;
    this.#pattern = pattern;
  }

  /** Where the match that begins at `at` ends; undefined when there is none. `from` skips the pattern's anchor. */
  matchAt(at: number, from: number): number | undefined {
    this.captures.length = 0;
    this.#depth = 0;
    return this.#match(at, from);
  }

  /** Start and end of a capture, or the position it marks. Without captures the first is the whole match. */
  capture(index: number, start: number, end: number): string | number {
    const capture = this.captures[index];
    if (!capture) {
      if (index > 0) throw this.#run.error(`invalid capture index %${index + 1}`);
      this.#run.allocateText(end - start);
      return this.#subject.slice(start, end);
    }
    if (capture.length === position) return capture.start + 1;
    if (capture.length === open) throw this.#run.error('unfinished capture');
    this.#run.allocateText(capture.length);
    return this.#subject.slice(capture.start, capture.start + capture.length);
  }

  #match(start: number, from: number): number | undefined {
    this.#run.spend(1);
    this.#depth += 1;
    if (this.#depth > deepest) throw this.#run.error('pattern too complex');
    const end = this.#attempt(start, from);
    this.#depth -= 1;
    return end;
  }

  #attempt(start: number, from: number): number | undefined {
    let [at, item] = [start, from];
    const pattern = this.#pattern;
    for (;;) {
      this.#run.spend(1);
      if (item >= pattern.length) return at;
      const special = this.#special(at, item);
      if (special !== undefined) {
        if (special.done) return special.end;
        [at, item] = [special.end!, special.item];
        continue;
      }
      const next = this.#itemEnd(item);
      switch (pattern[next]) {
        case '?': {
          const end = this.#fits(at, item, next) ? this.#match(at + 1, next + 1) : undefined;
          if (end !== undefined) return end;
          item = next + 1;
          break;
        }
        case '*':
          return this.#most(at, item, next, 0);
        case '+':
          return this.#most(at, item, next, 1);
        case '-':
          return this.#least(at, item, next);
        default:
          if (!this.#fits(at, item, next)) return undefined;
          at += 1;
          item = next;
      }
    }
  }

  /** Items that are no single characters: the end of the match, or where to go on; undefined when it is none of them. */
  #special(at: number, item: number): { done: boolean; end: number | undefined; item: number } | undefined {
    const pattern = this.#pattern;
    const finished = (end: number | undefined) => ({ done: true, end, item });
    const goOn = (end: number | undefined, width: number) =>
      end === undefined ? finished(undefined) : { done: false, end, item: item + width };
    switch (pattern[item]) {
      case '(':
        return pattern[item + 1] === ')'
          ? finished(this.#openCapture(at, item + 2, position))
          : finished(this.#openCapture(at, item + 1, open));
      case ')':
        return finished(this.#closeCapture(at, item + 1));
      case '$':
        return item + 1 === pattern.length ? finished(at === this.#subject.length ? at : undefined) : undefined;
      case '%': {
        const what = pattern[item + 1] ?? '';
        if (what === 'b') return goOn(this.#balance(at, item + 2), 4);
        if (what === 'f') return this.#frontier(at, item + 2);
        if (what >= '0' && what <= '9') return goOn(this.#back(at, what), 2);
        return undefined;
      }
      default:
        return undefined;
    }
  }

  #openCapture(at: number, item: number, length: number): number | undefined {
    if (this.captures.length >= mostCaptures) throw this.#run.error('too many captures');
    this.#run.spend(2);
    this.captures.push({ start: at, length });
    const end = this.#match(at, item);
    if (end === undefined) this.captures.pop();
    return end;
  }

  #closeCapture(at: number, item: number): number | undefined {
    const capture = this.captures.findLast((each) => each.length === open);
    if (!capture) throw this.#run.error('invalid pattern capture');
    capture.length = at - capture.start;
    const end = this.#match(at, item);
    if (end === undefined) capture.length = open;
    return end;
  }

  /** `%bxy`: from an x to the y that belongs to it. */
  #balance(at: number, item: number): number | undefined {
    const [opening, closing] = [this.#pattern[item], this.#pattern[item + 1]];
    if (opening === undefined || closing === undefined) throw this.#run.error('unbalanced pattern');
    if (this.#subject[at] !== opening) return undefined;
    let depth = 1;
    for (let end = at + 1; end < this.#subject.length; end += 1) {
      this.#run.spend(1);
      const character = this.#subject[end];
      if (character === closing) depth -= 1;
      else if (character === opening) depth += 1;
      if (depth === 0) return end + 1;
    }
    return undefined;
  }

  /** `%f[set]`: between a character outside the set and one inside; before the first and after the last is \0. */
  #frontier(at: number, item: number): { done: boolean; end: number | undefined; item: number } {
    if (this.#pattern[item] !== '[') throw this.#run.error("missing '[' after '%f' in pattern");
    const end = this.#itemEnd(item);
    const code = (index: number) => (index < 0 || index >= this.#subject.length ? 0 : this.#subject.charCodeAt(index));
    const found = !this.#inSet(code(at - 1), item, end) && this.#inSet(code(at), item, end);
    return { done: !found, end: found ? at : undefined, item: end };
  }

  /** `%1`: what a capture has taken, once more. */
  #back(at: number, digit: string): number | undefined {
    const capture = this.captures[Number(digit) - 1];
    if (!capture || capture.length === open) throw this.#run.error('invalid capture index');
    const text = capture.length === position ? '' : this.#subject.slice(capture.start, capture.start + capture.length);
    this.#run.spend(text.length >> 5);
    return this.#subject.startsWith(text, at) ? at + text.length : undefined;
  }

  #most(at: number, item: number, next: number, fewest: number): number | undefined {
    let count = 0;
    while (this.#fits(at + count, item, next)) {
      this.#run.spend(1);
      count += 1;
    }
    for (; count >= fewest; count -= 1) {
      const end = this.#match(at + count, next + 1);
      if (end !== undefined) return end;
    }
    return undefined;
  }

  #least(start: number, item: number, next: number): number | undefined {
    for (let at = start; ; at += 1) {
      const end = this.#match(at, next + 1);
      if (end !== undefined) return end;
      if (!this.#fits(at, item, next)) return undefined;
    }
  }

  /** Where the single character item ends that begins here. */
  #itemEnd(item: number): number {
    const pattern = this.#pattern;
    if (pattern[item] === '%') {
      if (item + 1 >= pattern.length) throw this.#run.error("malformed pattern (ends with '%')");
      return item + 2;
    }
    if (pattern[item] !== '[') return item + 1;
    let at = item + 1;
    if (pattern[at] === '^') at += 1;
    do {
      if (at >= pattern.length) throw this.#run.error("malformed pattern (missing ']')");
      at += pattern[at] === '%' ? 2 : 1;
    } while (pattern[at] !== ']');
    this.#run.spend((at - item) >> 3);
    return at + 1;
  }

  #fits(at: number, item: number, next: number): boolean {
    if (at >= this.#subject.length) return false;
    const code = this.#subject.charCodeAt(at);
    switch (this.#pattern[item]) {
      case '.':
        return true;
      case '%':
        return inClass(code, this.#pattern[item + 1]!);
      case '[':
        return this.#inSet(code, item, next);
      default:
        return code === this.#pattern.charCodeAt(item);
    }
  }

  /** Is the character in the set from `item` to before `next`? */
  #inSet(code: number, item: number, next: number): boolean {
    const [pattern, last] = [this.#pattern, next - 1];
    this.#run.spend(1 + ((next - item) >> 2));
    let at = item + 1;
    const inverted = pattern[at] === '^';
    if (inverted) at += 1;
    while (at < last) {
      if (pattern[at] === '%') {
        if (inClass(code, pattern[at + 1]!)) return !inverted;
        at += 2;
      } else if (pattern[at + 1] === '-' && at + 2 < last) {
        if (pattern.charCodeAt(at) <= code && code <= pattern.charCodeAt(at + 2)) return !inverted;
        at += 3;
      } else {
        if (code === pattern.charCodeAt(at)) return !inverted;
        at += 1;
      }
    }
    return inverted;
  }
}

/** The words of a script one after the other, as its parsers take them. */
import { lexer, syntaxError, type Token } from './lex.ts';

/** Deeper trees would need more of JavaScript's stack than there is. */
const deepest = 100;

export interface Words {
  readonly current: () => Token;
  readonly peek: () => Token;
  readonly advance: () => Token;
  /** Takes the word if it is the next one. */
  readonly accept: (type: string) => boolean;
  readonly expect: (type: string, opening?: Token) => Token;
  readonly fail: (why: string) => Error;
  /** Where the word before the current one stands. */
  readonly lastLine: () => number;
  /** One level deeper; the result's. */
  readonly nested: <T>(parse: () => T) => T;
}

export function newWords(source: string, chunk: string): Words {
  const next = lexer(source, chunk);
  let current = next();
  let ahead: Token | undefined;
  let [depth, lastLine] = [0, 1];

  const fail = (why: string) => syntaxError(chunk, current, why);
  const advance = () => {
    const token = current;
    lastLine = token.line;
    current = ahead ?? next();
    ahead = undefined;
    return token;
  };
  return {
    current: () => current,
    peek: () => {
      ahead ??= next();
      return ahead;
    },
    advance,
    accept: (type) => current.type === type && advance() !== undefined,
    expect: (type, opening) => {
      if (current.type === type) return advance();
      const far = opening && opening.line !== current.line;
      throw fail(
        `syntax error: '${type}' expected${far ? ` (to close '${opening.text}' at line ${opening.line})` : ''}`,
      );
    },
    fail,
    lastLine: () => lastLine,
    nested: (parse) => {
      depth += 1;
      if (depth > deepest) throw fail('chunk has too many syntax levels');
      const result = parse();
      depth -= 1;
      return result;
    },
  };
}

/** Words and operators of a shell script brought into its tree. Pure. */
import { lex, type Token } from './lex.ts';
import {
  type Command,
  type Item,
  type List,
  type Pipeline,
  type Redirection,
  ShellSyntaxError,
  type Word,
} from './tree.ts';

/** Nested deeper than this is no script of a person. */
const mostDepth = 50;

const redirectionKinds: Readonly<Record<string, Redirection['kind']>> = {
  '<': 'read',
  '>': 'write',
  '>|': 'write',
  '>>': 'append',
  '>&': 'duplicate',
  '<&': 'duplicate',
};

const assignment = /^([A-Za-z_][A-Za-z0-9_]*)=/;

/** Throws ShellSyntaxError. */
export function parse(script: string): List {
  const parser = new Parser(lex(script));
  const list = parser.list([]);
  parser.expectEnd();
  return list;
}

class Parser {
  readonly #tokens: readonly Token[];
  #at = 0;
  #depth = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  expectEnd(): void {
    if (this.#peek()) throw this.#unexpected();
  }

  /** Up to one of the words, which stays. */
  list(ends: readonly string[]): List {
    if (++this.#depth > mostDepth) throw new ShellSyntaxError('syntax error: nested too deeply');
    const items: Item[] = [];
    let when: Item['when'] = 'always';
    for (;;) {
      this.#skipNewlines();
      const token = this.#peek();
      if (!token || (when === 'always' && this.#ends(token, ends))) break;
      const pipeline = this.#pipeline();
      const after = this.#takeOperator(['&&', '||', ';', '&', '\n']);
      items.push({ pipeline, when, background: after === '&' });
      when = after === '&&' ? 'success' : after === '||' ? 'failure' : 'always';
      if (after === undefined) break;
    }
    if (when !== 'always') throw this.#unexpected();
    this.#depth--;
    return items;
  }

  #ends(token: Token, ends: readonly string[]): boolean {
    return token.kind === 'operator'
      ? ends.includes(token.text)
      : token.plain !== undefined && ends.includes(token.plain);
  }

  #peek(): Token | undefined {
    return this.#tokens[this.#at];
  }

  #unexpected(): ShellSyntaxError {
    const token = this.#peek();
    if (!token) return new ShellSyntaxError('syntax error: unexpected end of file', true);
    const text = token.kind === 'operator' ? (token.text === '\n' ? 'newline' : token.text) : (token.plain ?? 'word');
    return new ShellSyntaxError(`syntax error: unexpected ${JSON.stringify(text)}`);
  }

  #skipNewlines(): void {
    while (this.#isOperator('\n')) this.#at++;
  }

  #isOperator(text: string): boolean {
    const token = this.#peek();
    return token?.kind === 'operator' && token.text === text;
  }

  #takeOperator(texts: readonly string[]): string | undefined {
    const token = this.#peek();
    if (token?.kind !== 'operator' || token.descriptor !== undefined || !texts.includes(token.text)) return undefined;
    this.#at++;
    return token.text;
  }

  #isWord(text: string): boolean {
    const token = this.#peek();
    return token?.kind === 'word' && token.plain === text;
  }

  #expectWord(text: string): void {
    if (!this.#isWord(text)) throw this.#unexpected();
    this.#at++;
  }

  #pipeline(): Pipeline {
    const negated = this.#isWord('!');
    if (negated) this.#at++;
    const commands = [this.#command()];
    while (this.#takeOperator(['|'])) {
      this.#skipNewlines();
      commands.push(this.#command());
    }
    return { negated, commands };
  }

  #command(): Command {
    const token = this.#peek();
    if (!token) throw this.#unexpected();
    if (this.#takeOperator(['('])) {
      const body = this.list([')']);
      if (!this.#takeOperator([')'])) throw this.#unexpected();
      return { kind: 'group', subshell: true, body, redirections: this.#redirections() };
    }
    switch (token.kind === 'word' ? token.plain : undefined) {
      case '{':
        return this.#braces();
      case 'if':
        return this.#if();
      case 'while':
      case 'until':
        return this.#while();
      case 'for':
        return this.#for();
      default:
        return this.#simple();
    }
  }

  #braces(): Command {
    this.#at++;
    const body = this.list(['}']);
    this.#expectWord('}');
    return { kind: 'group', subshell: false, body, redirections: this.#redirections() };
  }

  #if(): Command {
    const branches: { condition: List; body: List }[] = [];
    let otherwise: List | undefined;
    do {
      this.#at++;
      const condition = this.list(['then']);
      this.#expectWord('then');
      branches.push({ condition, body: this.list(['elif', 'else', 'fi']) });
    } while (this.#isWord('elif'));
    if (this.#isWord('else')) {
      this.#at++;
      otherwise = this.list(['fi']);
    }
    this.#expectWord('fi');
    return { kind: 'if', branches, ...(otherwise ? { otherwise } : {}), redirections: this.#redirections() };
  }

  #while(): Command {
    const until = this.#isWord('until');
    this.#at++;
    const condition = this.list(['do']);
    return { kind: 'while', until, condition, body: this.#doGroup(), redirections: this.#redirections() };
  }

  #for(): Command {
    this.#at++;
    const token = this.#peek();
    if (token?.kind !== 'word' || !token.plain) throw this.#unexpected();
    this.#at++;
    this.#skipNewlines();
    let words: Word[] | undefined;
    if (this.#isWord('in')) {
      this.#at++;
      words = [];
      for (let next = this.#peek(); next?.kind === 'word'; next = this.#peek()) {
        words.push(next.word);
        this.#at++;
      }
    }
    this.#takeOperator([';']);
    this.#skipNewlines();
    return {
      kind: 'for',
      name: token.plain,
      ...(words ? { words } : {}),
      body: this.#doGroup(),
      redirections: this.#redirections(),
    };
  }

  #doGroup(): List {
    this.#expectWord('do');
    const body = this.list(['done']);
    this.#expectWord('done');
    return body;
  }

  #redirections(): readonly Redirection[] {
    const found: Redirection[] = [];
    for (let next = this.#redirection(); next; next = this.#redirection()) found.push(next);
    return found;
  }

  #redirection(): Redirection | undefined {
    const token = this.#peek();
    if (token?.kind !== 'operator') return undefined;
    const kind = redirectionKinds[token.text];
    if (!kind) return undefined;
    this.#at++;
    const target = this.#peek();
    if (target?.kind !== 'word') throw this.#unexpected();
    this.#at++;
    return { descriptor: token.descriptor ?? (token.text.startsWith('<') ? 0 : 1), kind, target: target.word };
  }

  #simple(): Command {
    const assignments: { name: string; value: Word }[] = [];
    const words: Word[] = [];
    const redirections: Redirection[] = [];
    for (;;) {
      const redirection = this.#redirection();
      if (redirection) {
        redirections.push(redirection);
        continue;
      }
      const token = this.#peek();
      if (token?.kind !== 'word') break;
      const assigned = words.length === 0 ? assignmentOf(token.word) : undefined;
      if (assigned) assignments.push(assigned);
      else words.push(token.word);
      this.#at++;
    }
    if (assignments.length + words.length + redirections.length === 0) throw this.#unexpected();
    return { kind: 'simple', assignments, words, redirections };
  }
}

function assignmentOf(word: Word): { readonly name: string; readonly value: Word } | undefined {
  const [first, ...rest] = word;
  const match = first?.kind === 'text' && !first.quoted ? assignment.exec(first.text) : null;
  if (!match || first?.kind !== 'text') return undefined;
  const left = first.text.slice(match[0].length);
  return { name: match[1]!, value: [...(left === '' ? [] : [{ ...first, text: left }]), ...rest] };
}

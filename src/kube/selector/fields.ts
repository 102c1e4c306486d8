/** Field selectors: `metadata.name=web,status.phase!=Running`, with `\` before `,`, `=` and `\` in values. */
import { badRequest } from '../status/errors.ts';

export interface FieldRequirement {
  readonly field: string;
  readonly operator: '=' | '!=';
  readonly value: string;
}

export interface FieldMatcher {
  /** A field that is not there counts as empty. */
  readonly matches: (fields: Readonly<Record<string, string>>) => boolean;
  readonly requirements: readonly FieldRequirement[];
}

const everything: FieldMatcher = { matches: () => true, requirements: [] };

/** Throws BadRequest on what apimachinery cannot read; which fields a kind offers is the caller's to check. */
export function parseFieldSelector(text: string): FieldMatcher {
  if (text === '') return everything;
  const requirements = splitTerms(text)
    .toSorted()
    .filter((term) => term !== '')
    .map((term) => readTerm(term, text))
    .filter(({ field, value }) => field !== '' || value !== '');
  return {
    matches: (fields) => {
      for (const { field, operator, value } of requirements) {
        if (((fields[field] ?? '') === value) !== (operator === '=')) return false;
      }
      return true;
    },
    requirements,
  };
}

function splitTerms(text: string): string[] {
  const terms: string[] = [];
  let start = 0;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === ',') {
      terms.push(text.slice(start, at));
      start = at + 1;
    }
  }
  terms.push(text.slice(start));
  return terms;
}

function readTerm(term: string, selector: string): FieldRequirement {
  const match = /^(.*?)(!=|==|=)(.*)$/s.exec(term);
  if (!match) throw badRequest(`invalid selector: '${selector}'; can't understand '${term}'`);
  const [, field, operator, value] = match as unknown as [string, string, string, string];
  return { field, operator: operator === '!=' ? '!=' : '=', value: unescapeValue(value) };
}

function unescapeValue(text: string): string {
  if (!/[\\,=]/.test(text)) return text;
  let value = '';
  for (let at = 0; at < text.length; at++) {
    const letter = text[at]!;
    if (letter === '\\') {
      const escaped = String.fromCodePoint(...[text.codePointAt(++at)].filter((point) => point !== undefined));
      if (!['\\', ',', '='].includes(escaped)) {
        throw badRequest(`invalid field selector: invalid escape sequence: \\${escaped}`);
      }
      value += escaped;
    } else if (letter === ',' || letter === '=') {
      throw badRequest(`invalid field selector: unescaped character in value: ${letter.charCodeAt(0)}`);
    } else value += letter;
  }
  return value;
}

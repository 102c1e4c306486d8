/** `format.dns1123Label().validate(text)` and the other named formats. */

import { dns1035Label, dns1123Label, dns1123Subdomain, labelValue, qualifiedName } from '../../names/validate.ts';
import { formatCheck } from '../../schema/format.ts';
import { celTypes } from '../types.ts';
import { ValueList } from '../value/list.ts';
import { NamedFormatValue } from '../value/named-format.ts';
import { CelOptional, noValue } from '../value/value.ts';
import { type CelLibrary, declare, method, overload } from './declare.ts';
import { parseRequestUrl, UrlProblem } from './url-parse.ts';

const { namedFormat, string } = celTypes;

/** A name that something is put behind may end with a dash. */
const asPrefix = (check: (text: string) => readonly string[]) => (text: string) =>
  check(text.length > 1 && text.endsWith('-') ? `${text.slice(0, -2)}a` : text);

const byFormat = (name: string, problem: string) => (text: string) => (formatCheck(name)!(text) ? [] : [problem]);

function uri(text: string): readonly string[] {
  try {
    parseRequestUrl(text);
    return [];
  } catch (error) {
    if (error instanceof UrlProblem) return [error.message];
    throw error;
  }
}

/** Name, what upstream calls it, how long its pattern is for costs, what is wrong with a text. */
const formats: readonly (readonly [string, string, number, (text: string) => readonly string[]])[] = [
  ['dns1123Label', 'DNS1123Label', 30, dns1123Label],
  ['dns1123Subdomain', 'DNS1123Subdomain', 60, dns1123Subdomain],
  ['dns1035Label', 'DNS1035Label', 30, dns1035Label],
  ['qualifiedName', 'QualifiedName', 60, qualifiedName],
  ['dns1123LabelPrefix', 'DNS1123LabelPrefix', 30, asPrefix(dns1123Label)],
  ['dns1123SubdomainPrefix', 'DNS1123SubdomainPrefix', 60, asPrefix(dns1123Subdomain)],
  ['dns1035LabelPrefix', 'DNS1035LabelPrefix', 30, asPrefix(dns1035Label)],
  ['labelValue', 'LabelValue', 40, labelValue],
  ['uri', 'URI', 1103, uri],
  ['uuid', 'uuid', 70, byFormat('uuid', 'does not match the UUID format')],
  ['byte', 'byte', 84, byFormat('byte', 'invalid base64')],
  ['date', 'date', 71, byFormat('date', 'invalid date')],
  ['datetime', 'datetime', 71, byFormat('datetime', 'invalid datetime')],
];

const values = new Map(
  formats.map(([name, title, size, check]) => [name, new NamedFormatValue(title, size, check)] as const),
);

function validate(format: NamedFormatValue, text: string) {
  const problems = format.check(text);
  return problems.length === 0 ? noValue : new CelOptional(new ValueList(problems));
}

function named(name: string) {
  const format = values.get(name);
  return format ? new CelOptional(format) : noValue;
}

export const namedFormats: CelLibrary = {
  functions: [
    declare(
      'validate',
      method('format-validate', [namedFormat, string], celTypes.optional(celTypes.list(string)), validate),
    ),
    declare('format.named', overload('format-named', [string], celTypes.optional(namedFormat), named)),
    ...[...values].map(([name, value]) =>
      declare(
        `format.${name}`,
        overload(`format.${name}`, [], namedFormat, () => value),
      ),
    ),
  ],
};

/** URLs and their parts. */

import { type CelType, celTypes } from '../types.ts';
import { ValueList } from '../value/list.ts';
import { ValueMap } from '../value/map.ts';
import { CelError, CelOpaque, type CelValue, type Evaluated, noSuchOverload } from '../value/value.ts';
import { type CelLibrary, declare, method, overload } from './declare.ts';
import { parseQuery, parseRequestUrl, parseUrl, splitHost, type Url, UrlProblem } from './url-parse.ts';

const { bool, string, url } = celTypes;

class UrlValue extends CelOpaque {
  readonly url: Url;
  constructor(value: Url) {
    super();
    this.url = value;
  }
  get type(): CelType {
    return url;
  }
  equals(other: CelValue): boolean | CelError {
    return other instanceof UrlValue ? other.text() === this.text() : noSuchOverload;
  }
  text(): string {
    const { scheme, opaque, user, host, escapedPath, query, emptyQuery, fragment } = this.url;
    const lead = scheme === '' ? '' : `${scheme}:`;
    const who = user === undefined ? '' : `${user}@`;
    const where = host !== '' || user !== undefined ? `//${who}${host}` : '';
    const tail = (query === '' && !emptyQuery ? '' : `?${query}`) + (fragment === '' ? '' : `#${fragment}`);
    return opaque === '' ? lead + where + escapedPath + tail : lead + opaque + tail;
  }
}

function read(text: string): Evaluated {
  try {
    parseRequestUrl(text);
    return new UrlValue(parseUrl(text));
  } catch (error) {
    if (error instanceof UrlProblem)
      return new CelError(`URL parse error during conversion from string: ${error.message}`);
    throw error;
  }
}

function isUrl(text: string): boolean {
  try {
    return parseRequestUrl(text) !== undefined;
  } catch (error) {
    if (error instanceof UrlProblem) return false;
    throw error;
  }
}

const part = (name: string, id: string, of: (value: Url) => string) =>
  declare(
    name,
    method(id, [url], string, (value: UrlValue) => of(value.url)),
  );

const query = ({ url: { query: text } }: UrlValue): Evaluated =>
  new ValueMap([...parseQuery(text)].map(([key, values]) => [key, new ValueList(values)] as const));

export const urls: CelLibrary = {
  functions: [
    declare('url', overload('string_to_url', [string], url, read)),
    part('getScheme', 'url_get_scheme', ({ scheme }) => scheme),
    part('getHost', 'url_get_host', ({ host }) => host),
    part('getHostname', 'url_get_hostname', ({ host }) => splitHost(host).hostname),
    part('getPort', 'url_get_port', ({ host }) => splitHost(host).port),
    part('getEscapedPath', 'url_get_escaped_path', ({ escapedPath }) => escapedPath),
    declare('getQuery', method('url_get_query', [url], celTypes.map(string, celTypes.list(string)), query)),
    declare('isURL', overload('is_url_string', [string], bool, isUrl)),
  ],
};

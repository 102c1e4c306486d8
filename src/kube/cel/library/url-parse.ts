/** URLs taken apart as Go's net/url does it, with its texts for what is none. */

import { quote } from '../value/quote.ts';
import { AddressProblem, parseAddress } from './address.ts';

export interface Url {
  readonly scheme: string;
  readonly opaque: string;
  readonly user: string | undefined;
  /** With the port. */
  readonly host: string;
  readonly escapedPath: string;
  readonly query: string;
  /** A lone `?` at the end. */
  readonly emptyQuery: boolean;
  readonly fragment: string;
}

export class UrlProblem extends Error {}

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const asciiHost = /[A-Za-z0-9\-_.~!$&'()*+,;=:[\]<>"%]/;

/** Percent escapes resolved. In a host only what is beyond ASCII may be escaped, and few characters may stand. */
function unescaped(text: string, mode: 'host' | 'zone' | 'path' | 'query' | 'user'): string {
  if (mode === 'host' || mode === 'zone') {
    const bad = Array.from(text).find((each) => each.charCodeAt(0) < 0x80 && !asciiHost.test(each));
    const found = firstBadEscape(text, mode);
    if (bad !== undefined && (found === undefined || text.indexOf(bad) < text.indexOf(found)))
      throw new UrlProblem(`invalid character ${quote(bad)} in host name`);
    if (found !== undefined) throw new UrlProblem(`invalid URL escape ${quote(found)}`);
  } else {
    const found = firstBadEscape(text, mode);
    if (found !== undefined) throw new UrlProblem(`invalid URL escape ${quote(found)}`);
  }
  const spaced = mode === 'query' ? text.replaceAll('+', ' ') : text;
  return spaced.replace(/(?:%[0-9a-fA-F]{2})+/g, (run) =>
    decoder.decode(Uint8Array.from(run.slice(1).split('%'), (hex) => Number.parseInt(hex, 16))),
  );
}

function firstBadEscape(text: string, mode: string): string | undefined {
  for (let at = text.indexOf('%'); at >= 0; at = text.indexOf('%', at + 1)) {
    const found = text.slice(at, at + 3);
    if (!/^%[0-9a-fA-F]{2}$/.test(found)) return found;
    if (mode === 'host' && Number.parseInt(found[1]!, 16) < 8 && found !== '%25') return found;
  }
  return undefined;
}

/** Where the text is cut in two, the mark in neither; the whole and nothing where it is not there. */
function cut(text: string, mark: string): [string, string | undefined] {
  const at = text.indexOf(mark);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + mark.length)];
}

const pathSafe = /[A-Za-z0-9\-_.~$&+,/:;=@]/;

const escapePath = (path: string): string =>
  Array.from(encoder.encode(path), (byte) => {
    const character = String.fromCharCode(byte);
    return byte < 0x80 && pathSafe.test(character) ? character : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }).join('');

function escapedPath(raw: string): string {
  const path = unescaped(raw, 'path');
  return /^[A-Za-z0-9\-_.~$&+,/:;=@!'()*[\]%]*$/.test(raw) ? raw : escapePath(path);
}

function scheme(text: string): [scheme: string, rest: string] {
  const match = /^([A-Za-z][A-Za-z0-9+.-]*)?:/.exec(text);
  if (!match) return ['', text];
  if (match[1] === undefined) throw new UrlProblem('missing protocol scheme');
  return [match[1].toLowerCase(), text.slice(match[0].length)];
}

const isPort = (text: string): boolean => /^(:\d*)?$/.test(text);

function host(text: string): string {
  const open = text.lastIndexOf('[');
  if (open > 0) throw new UrlProblem('invalid IP-literal');
  if (open === 0) return bracketed(text);
  const colon = text.lastIndexOf(':');
  if (colon >= 0 && !isPort(text.slice(colon)))
    throw new UrlProblem(`invalid port ${quote(text.slice(colon))} after host`);
  return unescaped(text, 'host');
}

function bracketed(text: string): string {
  const close = text.lastIndexOf(']');
  if (close < 0) throw new UrlProblem("missing ']' in host");
  const port = text.slice(close + 1);
  if (!isPort(port)) throw new UrlProblem(`invalid port ${quote(port)} after host`);
  const [address, zone] = cut(text.slice(1, close), '%25');
  const name = unescaped(address, 'host') + (zone === undefined ? '' : unescaped(`%25${zone}`, 'zone'));
  try {
    if (parseAddress(name).family === 4) throw new UrlProblem('invalid IP-literal');
  } catch (error) {
    throw error instanceof AddressProblem ? new UrlProblem(`invalid host: ${error.message}`) : error;
  }
  return `[${name}]${port}`;
}

function authority(text: string): Pick<Url, 'user' | 'host'> {
  const at = text.lastIndexOf('@');
  const name = host(text.slice(at + 1));
  if (at < 0) return { user: undefined, host: name };
  const user = text.slice(0, at);
  if (!/^[A-Za-z0-9\-._:~!$&'()*+,;=%@]*$/.test(user)) throw new UrlProblem('net/url: invalid userinfo');
  unescaped(user, 'user');
  return { user, host: name };
}

/** `isRequest`: an absolute URI or path, without a fragment. */
function parseParts(text: string, isRequest: boolean): Url {
  const empty = { opaque: '', user: undefined, host: '', escapedPath: '', query: '', emptyQuery: false, fragment: '' };
  if (/[\0- ]/.test(text.replaceAll(' ', '')) || text.includes('\u007f'))
    throw new UrlProblem('net/url: invalid control character in URL');
  if (text === '' && isRequest) throw new UrlProblem('empty url');
  if (text === '*') return { ...empty, scheme: '', escapedPath: '*' };
  const [name, afterScheme] = scheme(text);
  const [rest, query = ''] = cut(afterScheme, '?');
  const url = { ...empty, scheme: name, query, emptyQuery: query === '' && afterScheme.endsWith('?') };
  if (!rest.startsWith('/')) {
    if (name !== '') return { ...url, opaque: rest };
    if (isRequest) throw new UrlProblem('invalid URI for request');
    if (cut(rest, '/')[0].includes(':')) throw new UrlProblem('first path segment in URL cannot contain colon');
  }
  const hasAuthority = (name !== '' || (!isRequest && !rest.startsWith('///'))) && rest.startsWith('//');
  if (!hasAuthority) return { ...url, escapedPath: escapedPath(rest) };
  const slash = rest.indexOf('/', 2);
  const end = slash < 0 ? rest.length : slash;
  return { ...url, ...authority(rest.slice(2, end)), escapedPath: escapedPath(rest.slice(end)) };
}

function attempt(text: string, run: () => Url): Url {
  try {
    return run();
  } catch (error) {
    throw error instanceof UrlProblem ? new UrlProblem(`parse ${quote(text)}: ${error.message}`) : error;
  }
}

/** url.ParseRequestURI. */
export const parseRequestUrl = (text: string): Url => attempt(text, () => parseParts(text, true));

/** url.Parse. */
export function parseUrl(text: string): Url {
  const [before, fragment = ''] = cut(text, '#');
  const url = attempt(before, () => parseParts(before, false));
  return attempt(text, () => ({ ...url, fragment: unescaped(fragment, 'path') }));
}

/** Values by key, what cannot be read left out. */
export function parseQuery(query: string): Map<string, string[]> {
  const values = new Map<string, string[]>();
  for (const pair of query.split('&')) {
    if (pair === '' || pair.includes(';')) continue;
    const [key, value = ''] = cut(pair, '=');
    try {
      const [name, text] = [unescaped(key, 'query'), unescaped(value, 'query')];
      values.set(name, [...(values.get(name) ?? []), text]);
    } catch (error) {
      if (!(error instanceof UrlProblem)) throw error;
    }
  }
  return values;
}

export function splitHost(hostAndPort: string): { readonly hostname: string; readonly port: string } {
  const colon = hostAndPort.lastIndexOf(':');
  const hasPort = colon >= 0 && isPort(hostAndPort.slice(colon));
  const name = hasPort ? hostAndPort.slice(0, colon) : hostAndPort;
  return {
    hostname: name.startsWith('[') && name.endsWith(']') ? name.slice(1, -1) : name,
    port: hasPort ? hostAndPort.slice(colon + 1) : '',
  };
}

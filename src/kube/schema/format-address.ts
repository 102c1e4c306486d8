/** Formats of addresses, as Go's net, net/mail and net/url read them. */

/** Leading zeros were allowed once, and still are here. */
const sloppyIpv4 = /^(0*(25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(\.|$)){4}(?<!\.)$/;
const strictIpv4 = /^((25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(\.|$)){4}(?<!\.)$/;

function isColonAddress(text: string, dotted: RegExp): boolean {
  const halves = text.split('::');
  if (halves.length > 2 || !text.includes(':')) return false;
  const groups = halves.flatMap((half) => (half === '' ? [] : half.split(':')));
  const last = groups.at(-1) ?? '';
  const endsDotted = dotted.test(last) && !text.endsWith('::');
  const size = groups.length + (endsDotted ? 1 : 0);
  const hex = endsDotted ? groups.slice(0, -1) : groups;
  return hex.every((group) => /^[0-9a-f]{1,4}$/i.test(group)) && (halves.length === 2 ? size < 8 : size === 8);
}

/** Also an IPv6 address that ends in an IPv4 one. */
export const isIpv4 = (text: string): boolean =>
  text.includes('.') && (sloppyIpv4.test(text) || isColonAddress(text, sloppyIpv4));

export const isIpv6 = (text: string): boolean => isColonAddress(text, strictIpv4);

export function isCidr(text: string): boolean {
  const slash = text.indexOf('/');
  const [address, bits] = [text.slice(0, slash), text.slice(slash + 1)];
  if (slash < 0 || !/^\d{1,5}$/.test(bits)) return false;
  if (sloppyIpv4.test(address)) return Number(bits) <= 32;
  return isColonAddress(address, sloppyIpv4) && Number(bits) <= 128;
}

/** 48, 64 or 160 bits, in pairs of digits or in fours. */
export function isMac(text: string): boolean {
  const pairs = /^[0-9a-f]{2}([:-])[0-9a-f]{2}(\1[0-9a-f]{2})*$/i.test(text);
  const fours = /^[0-9a-f]{4}(\.[0-9a-f]{4})+$/i.test(text);
  const digits = text.replace(/[:.-]/g, '').length;
  return (pairs || fours) && (digits === 12 || digits === 16 || digits === 40);
}

const atom = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~\\u0080-\\u{10FFFF}-]+";
const quotedText = '"(?:[^"\\\\\\x00-\\x1F]|\\\\.)*"';
const addressSpec = `(?:${atom}(?:\\.${atom})*|${quotedText})@(?:${atom}(?:\\.${atom})*|\\[[^\\[\\]\\\\\\s]*\\])`;
const phrase = `(?:(?:${atom}|${quotedText}|\\.)[ \\t]*)*`;
const mailbox = new RegExp(`^[ \\t]*(?:${addressSpec}|${phrase}<${addressSpec}>)[ \\t]*$`, 'u');

/** One mailbox, with or without a display name (RFC 5322). */
export const isEmail = (text: string): boolean => mailbox.test(text);

/** An absolute URI, or a path that begins with a slash, as the first line of an HTTP request has it. */
export function isRequestUri(text: string): boolean {
  if (/\p{Cc}/u.test(text.replace(/[\u0080-\u009F]/g, '')) || text === '') return false;
  if (text === '*') return true;
  const scheme = /^[A-Za-z][A-Za-z0-9+.-]*:/.exec(text)?.[0];
  if (scheme === undefined && text.startsWith(':')) return false;
  const rest = text.slice(scheme?.length ?? 0).split('?', 1)[0]!;
  if (!rest.startsWith('/')) return scheme !== undefined;
  if (scheme === undefined || !rest.startsWith('//')) return areEscapesWhole(rest);
  const [, authority = '', path = ''] = /^\/\/([^/]*)(.*)$/s.exec(rest) ?? [];
  return isAuthority(authority) && areEscapesWhole(path);
}

const areEscapesWhole = (text: string) => !/%(?![0-9a-fA-F]{2})/.test(text);

function isAuthority(text: string): boolean {
  const at = text.lastIndexOf('@');
  const user = at < 0 ? '' : text.slice(0, at);
  const host = text.slice(at + 1);
  if (!/^[A-Za-z0-9\-._~!$&'()*+,;=%:@]*$/.test(user) || !areEscapesWhole(user)) return false;
  if (host.startsWith('[')) return /^\[[^\]\s]*\](:\d*)?$/.test(host);
  // Letters of any script, what a URI allows in a host, and quotes and brackets, which browsers have sent.
  return /^([A-Za-z0-9\-._~!$&'()*+,;=[\]<>"\u0080-\u{10FFFF}]|%[89A-Fa-f][0-9A-Fa-f])*(:\d*)?$/u.test(host);
}

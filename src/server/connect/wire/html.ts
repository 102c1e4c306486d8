/** Links in an HTML page brought under the proxy it is read through. Pure. */

/** Attributes that hold a URL, by tag (HTML's index of attributes). */
const linkAttributes: Readonly<Record<string, readonly string[]>> = {
  a: ['href'],
  applet: ['codebase'],
  area: ['href'],
  audio: ['src'],
  base: ['href'],
  blockquote: ['cite'],
  body: ['background'],
  button: ['formaction'],
  command: ['icon'],
  del: ['cite'],
  embed: ['src'],
  form: ['action'],
  frame: ['longdesc', 'src'],
  head: ['profile'],
  html: ['manifest'],
  iframe: ['longdesc', 'src'],
  img: ['longdesc', 'src', 'usemap'],
  input: ['src', 'usemap', 'formaction'],
  ins: ['cite'],
  link: ['href'],
  object: ['classid', 'codebase', 'data', 'usemap'],
  q: ['cite'],
  script: ['src'],
  source: ['src'],
  video: ['poster', 'src'],
};

/** Comments and the insides of scripts and styles are text, whatever they look like. */
const tokens =
  /<!--[\s\S]*?-->|(<(script|style|textarea|title)\b[^>]*>)([\s\S]*?)(<\/\2\s*>)|<([a-zA-Z][a-zA-Z0-9]*)((?:[^>"']|"[^"]*"|'[^']*')*)>/g;
const attribute = /([a-zA-Z-]+)(\s*=\s*)("[^"]*"|'[^']*'|[^\s"'>]+)/g;

/** `rewrite` is given what the page says and answers what it should say. */
export function rewriteLinks(html: string, rewrite: (url: string) => string): string {
  return html.replace(
    tokens,
    (whole, opening?: string, rawTag?: string, inside?: string, closing?: string, tag?: string) => {
      if (opening !== undefined) return `${inTag(opening, rawTag!, rewrite)}${inside}${closing}`;
      return tag === undefined ? whole : inTag(whole, tag, rewrite);
    },
  );
}

function inTag(text: string, tag: string, rewrite: (url: string) => string): string {
  const names = linkAttributes[tag.toLowerCase()];
  if (!names) return text;
  return text.replace(attribute, (whole, name: string, equals: string, written: string) => {
    if (!names.includes(name.toLowerCase())) return whole;
    const quote = written.startsWith('"') || written.startsWith("'") ? written[0]! : '';
    const url = quote === '' ? written : written.slice(1, -1);
    return `${name}${equals}${quote || '"'}${rewrite(url)}${quote || '"'}`;
  });
}

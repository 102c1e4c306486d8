/**
 * Lua counts bytes, JavaScript UTF-16. Inside, a string has a character for each byte of its UTF-8 form, so that `#`,
 * positions and patterns are those of the reference; at the border it is turned. ASCII is the same on both sides.
 */
const notAscii = /[^\0-\x7f]/;
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

export const bytesOf = (text: string): string =>
  notAscii.test(text) ? Buffer.from(text, 'utf8').toString('latin1') : text;

/** Bytes that are no UTF-8 become U+FFFD, as in the reference's JSON. */
export const textOf = (bytes: string): string =>
  notAscii.test(bytes) ? decoder.decode(Buffer.from(bytes, 'latin1')) : bytes;

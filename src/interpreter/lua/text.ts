/**
 * Lua counts bytes, JavaScript UTF-16. Inside, a string has a character for each byte of its UTF-8 form, so that `#`,
 * positions and patterns are those of the reference; at the border it is turned. ASCII is the same on both sides.
 */
const notAscii = /[^\0-\x7f]/;
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
const encoder = new TextEncoder();

/** Characters for the bytes; in pieces, because a call takes only so many arguments. */
function characters(bytes: Uint8Array): string {
  const piece = 8192;
  let result = '';
  for (let at = 0; at < bytes.length; at += piece) result += String.fromCharCode(...bytes.subarray(at, at + piece));
  return result;
}

export const bytesOf = (text: string): string => (notAscii.test(text) ? characters(encoder.encode(text)) : text);

/** Bytes that are no UTF-8 become U+FFFD, as in the reference's JSON. */
export const textOf = (bytes: string): string =>
  notAscii.test(bytes) ? decoder.decode(Uint8Array.from(bytes, (byte) => byte.charCodeAt(0))) : bytes;

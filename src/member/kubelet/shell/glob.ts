/** File name patterns, matched in time that grows with pattern and text and not beyond. Pure. */

type Part = { readonly kind: 'any' } | { readonly kind: 'one'; readonly fits: (char: string) => boolean };

const classText = /^\[(!?)([^\]]+)\]/;

function classFits(negated: boolean, inside: string): (char: string) => boolean {
  const ranges: (readonly [string, string])[] = [];
  for (let at = 0; at < inside.length; at++) {
    if (inside[at + 1] === '-' && at + 2 < inside.length) {
      ranges.push([inside[at]!, inside[at + 2]!]);
      at += 2;
    } else ranges.push([inside[at]!, inside[at]!]);
  }
  return (char) => ranges.some(([from, to]) => char >= from && char <= to) !== negated;
}

function partsOf(glob: string): readonly Part[] {
  const parts: Part[] = [];
  for (let at = 0; at < glob.length; at++) {
    const char = glob[at]!;
    const match = char === '[' ? classText.exec(glob.slice(at)) : null;
    if (char === '*') parts.push({ kind: 'any' });
    else if (char === '?') parts.push({ kind: 'one', fits: () => true });
    else if (match) {
      parts.push({ kind: 'one', fits: classFits(match[1] === '!', match[2]!) });
      at += match[0].length - 1;
    } else parts.push({ kind: 'one', fits: (each) => each === char });
  }
  return parts;
}

export const isGlob = (text: string): boolean => /[*?[]/.test(text);

/** `*`, `?` and `[…]` against a whole text. */
export function globMatcher(glob: string): (text: string) => boolean {
  const parts = partsOf(glob);
  return (text) => {
    let [at, part, star, mark] = [0, 0, -1, 0];
    while (at < text.length) {
      const current = parts[part];
      if (current?.kind === 'one' && current.fits(text[at]!)) {
        at++;
        part++;
      } else if (current?.kind === 'any') {
        star = part++;
        mark = at;
      } else if (star >= 0) {
        // The last star takes one more; earlier ones need not be looked at again.
        part = star + 1;
        at = ++mark;
      } else return false;
    }
    while (parts[part]?.kind === 'any') part++;
    return part === parts.length;
  };
}

/** Order of resourceVersions of one cluster: decimal revisions, compared without parsing (they may pass 2^53). */

const decimal = /^[1-9][0-9]*$/;

/**
 * Below 0: `a` is older; 0: the same; above 0: newer. Undefined when they cannot be ordered (absent, or opaque as
 * an aggregated API may choose): then only the order of arrival counts.
 */
export function compareVersions(a: string | undefined, b: string | undefined): number | undefined {
  if (a === b) return a === undefined ? undefined : 0;
  if (a === undefined || b === undefined || !decimal.test(a) || !decimal.test(b)) return undefined;
  return a.length === b.length ? (a < b ? -1 : 1) : a.length - b.length;
}

/** Labels as one text. */

export type Labels = Readonly<Record<string, string>> | undefined;

export const nothingThere = '<none>';

/** `app=web,tier=front`; `<none>` when there are none. */
export function labelsText(labels: Labels): string {
  const pairs = Object.entries(labels ?? {}).map(([key, value]) => `${key}=${value}`);
  return pairs.length === 0 ? nothingThere : pairs.sort().join(',');
}

/** Field paths as kube-apiserver writes them: `spec.containers[0].name`. */

/** What a walk has entered: field names and list indexes. Walks push and pop; text is made only for what is reported. */
export type Trail = (string | number)[];

export function pathText(trail: readonly (string | number)[], base = ''): string {
  let text = base;
  for (const step of trail) {
    if (typeof step === 'number') text += `[${step}]`;
    else text = text === '' ? step : `${text}.${step}`;
  }
  return text;
}

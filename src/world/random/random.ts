/** Chance as a dependency: the machine's, or a simulation's seed. */

export interface Random {
  /** A float in [0, 1). */
  readonly next: () => number;
  /** RFC 4122 version 4. */
  readonly uuid: () => string;
}

/** The alphabet Kubernetes appends to generated names: no vowels, no look-alikes. */
const suffixAlphabet = 'bcdfghjklmnpqrstvwxz2456789';

/** A random name suffix, as `generateName` and ReplicaSets append (5 characters there). */
export function suffix(random: Random, length = 5): string {
  let text = '';
  for (let i = 0; i < length; i++) text += suffixAlphabet[Math.floor(random.next() * suffixAlphabet.length)];
  return text;
}

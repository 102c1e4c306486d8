/**
 * Shuffle sharding: a flow is dealt a few of a level's queues by its hash, so that a flood fills its own hand and
 * others have, almost surely, a queue outside it. The hands are those kube-apiserver deals.
 */
import { sha256 } from '#world/certificates/digest.ts';

/** From name of FlowSchema and distinguisher; 64 bits. */
export const flowHash = (schema: string, distinguisher: string): bigint =>
  sha256(`${schema}\0${distinguisher}`).readBigUInt64LE(0);

/** `handSize` different numbers below `deckSize`. */
export function deal(hash: bigint, deckSize: number, handSize: number): readonly number[] {
  const remainders: number[] = [];
  let rest = hash;
  for (let dealt = 0; dealt < handSize; dealt++) {
    const left = BigInt(deckSize - dealt);
    remainders.push(Number(rest % left));
    rest /= left;
  }
  return remainders.map((remainder, index) => {
    let card = remainder;
    for (let earlier = index; earlier > 0; earlier--) if (card >= remainders[earlier - 1]!) card++;
    return card;
  });
}

/**
 * What a level's turned-away clients are told to wait: a second at first, twice as long while many keep coming, and
 * shorter again as they stop, as kube-apiserver counts it.
 */

const longestSeconds = 32;

export class RetryAfter {
  #seconds = 1;
  #raisedAt = 0;
  #second = 0;
  #count = 0;
  /** Of earlier seconds: how many were turned away. At most `longestSeconds` entries are kept. */
  #history: readonly { readonly second: number; readonly count: number }[] = [];

  /** One more was turned away. Answers whole seconds. */
  turnedAway(nowMs: number): number {
    const second = Math.floor(nowMs / 1_000);
    if (second === this.#second) {
      this.#count++;
      return this.#seconds;
    }
    const oldest = second - Math.min(2 * this.#seconds, longestSeconds);
    this.#history = [...this.#history, { second: this.#second, count: this.#count }].filter(
      (entry) => entry.second >= oldest,
    );
    this.#second = second;
    this.#count = 1;
    this.#adjust(second);
    return this.#seconds;
  }

  #adjust(now: number): void {
    let recent = 0;
    for (const { second, count } of this.#history) if (second >= now - this.#seconds && second < now) recent += count;
    if (now - this.#raisedAt >= this.#seconds && recent >= 3 * this.#seconds) {
      this.#seconds = Math.min(2 * this.#seconds, longestSeconds);
      this.#raisedAt = now;
    } else if (recent < this.#seconds && this.#seconds > 1) this.#seconds--;
  }
}

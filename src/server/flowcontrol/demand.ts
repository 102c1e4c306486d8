/** How many seats a level has asked for, over time: the highest, the average, and a smoothed figure for borrowing. */

/** kube-apiserver's: at one adjustment in ten seconds a peak has half its weight after five minutes. */
const smoothing = 0.977;

export interface DemandStatistics {
  readonly highWatermark: number;
  readonly average: number;
  readonly deviation: number;
  readonly smoothed: number;
}

export class Demand {
  #value = 0;
  #since: number;
  #highest = 0;
  #duration = 0;
  /** Integrals over time of the value and of its square. */
  #sum = 0;
  #squares = 0;
  #last: DemandStatistics = { highWatermark: 0, average: 0, deviation: 0, smoothed: 0 };

  constructor(now: number) {
    this.#since = now;
  }

  get statistics(): DemandStatistics {
    return this.#last;
  }

  set(value: number, now: number): void {
    this.#pass(now);
    this.#value = value;
    if (value > this.#highest) this.#highest = value;
  }

  /** Ends a period and begins the next. */
  settle(now: number): DemandStatistics {
    this.#pass(now);
    const { smoothed } = this.#last;
    if (this.#duration > 0) {
      const average = this.#sum / this.#duration;
      const deviation = Math.sqrt(Math.max(0, this.#squares / this.#duration - average * average));
      const envelope = average + deviation;
      this.#last = {
        highWatermark: this.#highest,
        average,
        deviation,
        smoothed: Math.max(envelope, smoothing * smoothed + (1 - smoothing) * envelope),
      };
    } else this.#last = { ...this.#last, highWatermark: this.#highest };
    this.#highest = this.#value;
    this.#duration = 0;
    this.#sum = 0;
    this.#squares = 0;
    return this.#last;
  }

  #pass(now: number): void {
    const passed = now - this.#since;
    this.#since = now;
    if (passed <= 0) return;
    this.#duration += passed;
    this.#sum += this.#value * passed;
    this.#squares += this.#value * this.#value * passed;
  }
}

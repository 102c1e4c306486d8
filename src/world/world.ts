/** What a part of the program needs of the world around it, handed in at the composition root. */
import type { Clock } from './clock/clock.ts';
import type { Random } from './random/random.ts';

export interface World {
  readonly clock: Clock;
  readonly random: Random;
}

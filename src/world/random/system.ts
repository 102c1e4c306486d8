/** The machine's source of chance. */
import { randomUUID } from 'node:crypto';
import type { Random } from './random.ts';

export const systemRandom: Random = {
  next: () => Math.random(),
  uuid: () => randomUUID(),
};

/**
 * Bounds on what one call may make. Costs bound time; these bound memory where upstream's prices do not: `replace` with
 * an empty pattern is paid for by what it reads, not by what it writes. Nothing that fits a budget gets near them: a pass
 * over the largest of either would cost the 1,000,000 that one expression may spend.
 */
import { CelError } from '../value/value.ts';

/** Characters; reading one costs 0.1. */
export const longestText = 10_000_000;
/** Items; visiting one costs at least 1. */
export const longestList = 1_000_000;

export const textTooLong = new CelError(`the text would be longer than ${longestText} characters`);
export const listTooLong = new CelError(`the list would be longer than ${longestList} items`);

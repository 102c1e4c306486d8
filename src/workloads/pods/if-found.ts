/** What may not be there: an answer instead of a failure. */
import { isReason } from '#kube/status/status.ts';

/** Undefined instead of NotFound; every other failure stays one. */
export async function ifFound<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (isReason(error, 'NotFound')) return undefined;
    throw error;
  }
}

/** Times as the API writes them, read without a clock. */

/** Milliseconds since 1970 of a metav1.Time or MicroTime; NaN for what is not one. */
export const parseTime = (text: string): number => Date.parse(text);

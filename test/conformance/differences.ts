/** Where our API server answers otherwise than a real one, and why; docs/parity.md tells users. */

/** Only the status code of these answers is compared. */
export interface Difference {
  /** As a failing replay names it. */
  readonly recording: string;
  /** From 1. */
  readonly lines: readonly number[];
  readonly reason: string;
}

export const differences: readonly Difference[] = [
  {
    recording: 'apply-refusals',
    lines: [23],
    reason: 'a null among texts counts as not given; Go makes an empty text of it',
  },
  {
    recording: 'bodies',
    lines: [46],
    reason: 'which operation failed, and why, is told as a cause; a real one says nothing of it',
  },
  {
    recording: 'bodies',
    lines: [52, 57, 58, 66, 67, 68, 69, 70, 71],
    reason: 'why a patch cannot be read is told in our words, from the same place',
  },
  {
    recording: 'media-types',
    lines: [4],
    reason: "what is wrong with YAML is told in our parser's words",
  },
  {
    recording: 'json-patch',
    lines: [2, 4, 5, 7, 10, 21],
    reason: 'which operation failed, and why, is told as a cause; a real one says nothing of it',
  },
  {
    recording: 'connect-rights',
    lines: [8, 9, 10],
    reason: 'which right is missing is told; a real one says only that it is forbidden',
  },
];

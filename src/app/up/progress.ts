/** What starting and migrating say while they go on: one line a step. */

export interface Progress {
  /** A step that has been done, with how long it took where that is of interest. */
  readonly done: (text: string) => void;
  /** Something the user should know, but need not act on. */
  readonly note: (text: string) => void;
}

export const silent: Progress = { done: () => {}, note: () => {} };

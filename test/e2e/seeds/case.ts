/** What a case says: commands in a document's order, and what is to be seen after each. */

export interface Step {
  /** Where in the document, in its words. */
  readonly at: string;
  /** Files to write first, by their path in the document. */
  readonly files?: Readonly<Record<string, string>>;
  /** As the document has it; `/tmp/` stands for a folder of the test's own. */
  readonly command: string;
  /** Exactly these lines, in any order. */
  readonly lines?: readonly string[];
  /** A table as the document prints it: columns, rows of the case's objects and their values; looked at until it is so. */
  readonly table?: string;
  /** Words in the answer, on output or among errors; looked at until they are there. */
  readonly words?: readonly string[];
  /** Words that are no longer in the answer. */
  readonly without?: readonly string[];
  /** The command is refused. */
  readonly fails?: boolean;
  /** member1's Pods as they are now are those that must stay as they are from here on. */
  readonly remembersPods?: true;
  /** From here on Pods of member1 may go: the reader has deleted what they belong to. */
  readonly forgetsPods?: true;
}

export interface Case {
  readonly name: string;
  /** Names of the objects that the document's own files define; other rows of a table do not count. */
  readonly objects: readonly string[];
  readonly steps: readonly Step[];
}

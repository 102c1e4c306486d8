/** What a shell script says, as a tree: the part of POSIX sh that people type into containers. */

/** A word is made of parts; quoted ones are neither split nor matched against file names. */
export type WordPart =
  | { readonly kind: 'text'; readonly text: string; readonly quoted: boolean }
  /** `$name`, `${name}`, `${name:-other}`. */
  | {
      readonly kind: 'variable';
      readonly name: string;
      readonly quoted: boolean;
      /** `:-`, `-`, `:=`, `=`, `:+`, `+`, `:?`, `?`, `#`, `##`, `%`, `%%`; `length` for `${#name}`. */
      readonly operator?: string;
      readonly argument?: Word;
    }
  | { readonly kind: 'command'; readonly script: string; readonly quoted: boolean }
  | { readonly kind: 'arithmetic'; readonly text: string; readonly quoted: boolean };

export type Word = readonly WordPart[];

export interface Redirection {
  /** 0, 1 or 2. */
  readonly descriptor: number;
  readonly kind: 'read' | 'write' | 'append' | 'duplicate' | 'text';
  readonly target: Word;
}

export type Command =
  | {
      readonly kind: 'simple';
      readonly assignments: readonly { readonly name: string; readonly value: Word }[];
      readonly words: readonly Word[];
      readonly redirections: readonly Redirection[];
    }
  | {
      readonly kind: 'group';
      readonly subshell: boolean;
      readonly body: List;
      readonly redirections: readonly Redirection[];
    }
  | {
      readonly kind: 'if';
      readonly branches: readonly { readonly condition: List; readonly body: List }[];
      readonly otherwise?: List;
      readonly redirections: readonly Redirection[];
    }
  | {
      readonly kind: 'while';
      readonly until: boolean;
      readonly condition: List;
      readonly body: List;
      readonly redirections: readonly Redirection[];
    }
  | {
      readonly kind: 'for';
      readonly name: string;
      /** Absent: the script's own arguments. */
      readonly words?: readonly Word[];
      readonly body: List;
      readonly redirections: readonly Redirection[];
    };

export interface Pipeline {
  readonly negated: boolean;
  readonly commands: readonly Command[];
}

export interface Item {
  readonly pipeline: Pipeline;
  /** How it hangs on the one before: always, when that succeeded, when it failed. */
  readonly when: 'always' | 'success' | 'failure';
  readonly background: boolean;
}

export type List = readonly Item[];

/** With the words a shell has for it. */
export class ShellSyntaxError extends Error {
  override readonly name = 'ShellSyntaxError';
  /** The script only breaks off: more lines would make it whole. */
  readonly unfinished: boolean;

  constructor(message: string, unfinished = false) {
    super(message);
    this.unfinished = unfinished;
  }
}

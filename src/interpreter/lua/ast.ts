/** A script as a tree, its names already resolved to what they mean. */

/** A variable declared `local`, a parameter, or of a loop. */
export interface Local {
  readonly name: string;
  /** Its place in the frame; given to others after its block. */
  readonly slot: number;
  /** A closure uses it, so it lives in a cell. */
  captured: boolean;
}

/** Where a new closure finds a variable it shares: a local of the function around it, or one that this shares itself. */
export type Upvalue = { readonly local: Local } | { readonly outer: number };

export interface FunctionBody {
  readonly parameters: readonly Local[];
  readonly vararg: boolean;
  readonly upvalues: readonly Upvalue[];
  readonly slots: number;
  readonly block: Block;
}

export interface Block {
  readonly line: number;
  readonly statements: readonly Statement[];
}

export type BinaryOperator = '+' | '-' | '*' | '/' | '%' | '^' | '==' | '~=' | '<' | '<=' | '>' | '>=';

export type Variable =
  | { readonly type: 'local'; readonly local: Local }
  | { readonly type: 'upvalue'; readonly index: number }
  | { readonly type: 'global'; readonly name: string }
  | { readonly type: 'index'; readonly object: Expression; readonly key: Expression; readonly line: number };

export type Call =
  | { readonly type: 'call'; readonly callee: Expression; readonly args: readonly Expression[]; readonly line: number }
  | {
      readonly type: 'method';
      readonly object: Expression;
      readonly name: string;
      readonly args: readonly Expression[];
      readonly line: number;
    };

/** A field without a key takes the next number. */
export interface Field {
  readonly key?: Expression;
  readonly value: Expression;
}

export type Expression =
  | { readonly type: 'constant'; readonly value: undefined | boolean | number | string }
  | { readonly type: 'vararg' }
  | { readonly type: 'function'; readonly body: FunctionBody }
  | { readonly type: 'table'; readonly fields: readonly Field[]; readonly line: number }
  /** One value only of what is within. */
  | { readonly type: 'parentheses'; readonly inner: Expression }
  | { readonly type: 'and' | 'or'; readonly left: Expression; readonly right: Expression }
  | { readonly type: 'not' | 'minus' | 'length'; readonly operand: Expression; readonly line: number }
  | { readonly type: 'concat'; readonly parts: readonly Expression[]; readonly line: number }
  | {
      readonly type: 'binary';
      readonly operator: BinaryOperator;
      readonly left: Expression;
      readonly right: Expression;
      readonly line: number;
    }
  | Variable
  | Call;

export interface Clause {
  readonly condition: Expression;
  readonly block: Block;
}

export type Statement =
  | { readonly type: 'declare'; readonly locals: readonly Local[]; readonly values: readonly Expression[] }
  | { readonly type: 'assign'; readonly targets: readonly Variable[]; readonly values: readonly Expression[] }
  | { readonly type: 'evaluate'; readonly call: Call }
  | { readonly type: 'do'; readonly block: Block }
  | { readonly type: 'while' | 'repeat'; readonly condition: Expression; readonly block: Block }
  | { readonly type: 'if'; readonly clauses: readonly Clause[]; readonly otherwise: Block | undefined }
  | {
      readonly type: 'count';
      readonly local: Local;
      readonly from: Expression;
      readonly to: Expression;
      readonly step: Expression | undefined;
      readonly block: Block;
      readonly line: number;
    }
  | {
      readonly type: 'each';
      readonly locals: readonly Local[];
      readonly values: readonly Expression[];
      readonly block: Block;
      readonly line: number;
    }
  | { readonly type: 'local function'; readonly local: Local; readonly body: FunctionBody }
  | { readonly type: 'return'; readonly values: readonly Expression[] }
  | { readonly type: 'break' };

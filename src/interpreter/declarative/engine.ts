/** The Lua engine as scripts meet it: what they may require and how much they may use. Loaded with the first of them. */
import type { JsonValue } from '#kube/meta/object.ts';

export interface CallOptions {
  /** Milliseconds since 1970, for os.time and os.date. */
  readonly now: number;
  /** Takes the lines that a script prints; they are dropped without it. */
  readonly print?: (line: string) => void;
}

export interface Program {
  /** The values that the function returned. Throws what the script throws, and where it goes beyond its limits. */
  readonly call: (name: string, args: readonly JsonValue[], options: CallOptions) => readonly JsonValue[];
  /** Whether the script defines this function. Throws where it fails before that. */
  readonly defines: (name: string) => boolean;
}

export interface ScriptEngine {
  /** Throws where the text is no Lua, with `chunkName` and the line. */
  readonly compile: (source: string, chunkName: string) => Program;
}

/**
 * Of one call. Fifty instructions take about a microsecond, so a script that does not end is stopped after some 5 ms. Where
 * statuses are aggregated each is worth some more: those of a thousand clusters take three quarters of it. Memory is
 * counted as it is taken, given back or not.
 */
const mostInstructions = 250_000;
const instructionsEach = 1_000;
const bytes = 16 * 1024 * 1024;

const budgetFor = (args: readonly JsonValue[]) => {
  const items = args.reduce<number>((sum, arg) => sum + (Array.isArray(arg) ? arg.length : 0), 0);
  return { instructions: mostInstructions + instructionsEach * items, bytes };
};

export async function luaEngine(): Promise<ScriptEngine> {
  const [{ compile }, { kubeModules: modules }] = await Promise.all([
    import('../lua/lua.ts'),
    import('../lua/kube.ts'),
  ]);
  return {
    compile: (source, chunkName) => {
      const program = compile(source, chunkName);
      return {
        call: (name, args, options) => program.call(name, args, { ...options, budget: budgetFor(args), modules }),
        defines: (name) => program.defines(name, { budget: budgetFor([]), modules }),
      };
    },
  };
}

/** Whether scripts can be run at all, before anybody needs them: at admission, and in `flotilla interpret --check`. */
import { type InterpreterOperation, interpreterOperations } from '#apis/config/operations.ts';
import { luaEngine } from './engine.ts';
import type { Scripts } from './scripts.ts';

export interface ScriptProblem {
  readonly operation: InterpreterOperation;
  /** `warning`: it is Lua, and each call of it will fail. */
  readonly severity: 'error' | 'warning';
  /** With the line in the script where there is one. */
  readonly message: string;
}

/** In the order of the operations. */
export async function scriptProblems(scripts: Scripts): Promise<readonly ScriptProblem[]> {
  const given = interpreterOperations.filter(({ customization }) => scripts[customization]?.luaScript);
  if (given.length === 0) return [];
  const { compile } = await luaEngine();
  return given.flatMap((operation): readonly ScriptProblem[] => {
    const { customization, script } = operation;
    const text = scripts[customization]!.luaScript;
    const problem = (severity: ScriptProblem['severity'], message: string) => [{ operation, severity, message }];
    let program: ReturnType<typeof compile>;
    try {
      program = compile(text, script);
    } catch (error) {
      return problem('error', (error as Error).message);
    }
    try {
      return program.defines(script) ? [] : problem('warning', `the script defines no function ${script}`);
    } catch (error) {
      return problem('warning', `the script fails before it is called: ${(error as Error).message}`);
    }
  });
}

/** How deep operators, fields, calls and indices nest: cel-go refuses more than 250 of them, in chains too. */
import { type Expr, partsOf } from './ast.ts';
import { SyntaxProblem } from './cursor.ts';

const deepest = 250;

/** Notes a node that was read: `levels` more than the deepest of its parts. */
export type Deep = <E extends Expr>(expr: E, levels: 0 | 1, parts?: readonly Expr[]) => E;

export function depthCounter(): Deep {
  const depths = new Map<Expr, number>();
  return (expr, levels, parts = partsOf(expr)) => {
    let depth = 0;
    for (const part of parts) depth = Math.max(depth, depths.get(part) ?? 0);
    if (depth + levels > deepest) throw new SyntaxProblem({ offset: -1, message: 'max recursion depth exceeded' });
    if (depth + levels > 0) depths.set(expr, depth + levels);
    return expr;
  };
}

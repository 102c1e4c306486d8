/** `interpret --check`: each customization, its target, and whether its scripts can be run. */
import type { ResourceInterpreterCustomization } from '#apis/config/customization.ts';
import { interpreterOperations } from '#apis/config/operations.ts';
import { scriptProblems } from '#interpreter/declarative/check.ts';
import type { Call } from '../command.ts';
import { customizationsOf, problemsOf, type Source } from './customizations.ts';

const line = '-'.repeat(35);
/** The longest name and its colon, and as much room as kubectl's tables leave. */
const width = Math.max(...interpreterOperations.map(({ name }) => name.length)) + 1 + 3;

interface Page {
  readonly text: string;
  readonly failed: boolean;
}

async function pageOf({ object, file }: Source): Promise<Page> {
  const head = `${line}\nSOURCE: ${object.metadata.name ?? file ?? ''}\n`;
  const wrong = problemsOf(object);
  if (wrong.length > 0) return { text: `${head}${wrong.map((each) => `${each}\n`).join('')}`, failed: true };
  const { target, customizations } = (object as ResourceInterpreterCustomization).spec;
  const problems = await scriptProblems(customizations);
  const rules = interpreterOperations.map((operation) => {
    const problem = problems.find((each) => each.operation === operation);
    const set = customizations[operation.customization]?.luaScript;
    const word = problem ? `ERROR: ${problem.message.trim()}` : set ? 'PASS' : 'UNSET';
    return `    ${`${operation.name}:`.padEnd(width)}${word}\n`;
  });
  return {
    text: `${head}TARGET: ${target.apiVersion} ${target.kind}\nRULERS:\n${rules.join('')}`,
    failed: problems.length > 0,
  };
}

/** 1 when anything is wrong: what, has been said. */
export async function check(call: Call): Promise<number> {
  const pages = await Promise.all((await customizationsOf(call)).map(pageOf));
  call.around.output.write(pages.map(({ text }) => text).join(''));
  return pages.some(({ failed }) => failed) ? 1 : 0;
}

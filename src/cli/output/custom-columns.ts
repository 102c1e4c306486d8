/** `-o custom-columns=NAME:.metadata.name,…`: a table of one's own. */
import { evaluateJsonPath, type JsonPath, parseJsonPath } from '#kube/jsonpath/jsonpath.ts';
import { CommandError } from '../failure.ts';
import { goText } from './go-value.ts';
import { nothingThere } from './labels.ts';

export interface CustomColumn {
  readonly header: string;
  readonly path: JsonPath;
}

/** Throws CommandError in kubectl's words. */
export function parseCustomColumns(text: string): readonly CustomColumn[] {
  if (text === '') throw new CommandError('custom-columns format specified but no custom columns given');
  return text.split(',').map((part) => {
    const colon = part.indexOf(':');
    if (colon <= 0)
      throw new CommandError(`unexpected custom-columns spec: ${part}, expected <header>:<json-path-expr>`);
    try {
      return { header: part.slice(0, colon), path: parseJsonPath(part.slice(colon + 1)) };
    } catch (error) {
      throw new CommandError(`error parsing ${part}: ${(error as Error).message}`);
    }
  });
}

/** Lines of cells, the header first where it is asked for. */
export function customLines(
  columns: readonly CustomColumn[],
  objects: readonly unknown[],
  headers: boolean,
): readonly (readonly string[])[] {
  const lines = objects.map((object) =>
    columns.map(({ path }) => {
      const values = evaluateJsonPath(path, object);
      return values.length === 0 ? nothingThere : values.map(goText).join(',');
    }),
  );
  return headers ? [columns.map(({ header }) => header), ...lines] : lines;
}

/** Verdicts and lists of fields in the words of a sentence. */
import type { Verdict } from '../model.ts';

/** Fields named of one object. */
const mostFields = 5;

export const limited = (fields: readonly string[]): string =>
  fields.length > mostFields
    ? `${fields.slice(0, mostFields).join(', ')} and ${fields.length - mostFields} more`
    : fields.join(', ');

export function verdictWords(verdict: Verdict): string {
  switch (verdict.is) {
    case 'adopt':
      return 'only metadata would be written';
    case 'change':
      return `${limited(verdict.fields)} would change`;
    case 'restart':
      return `Pods would restart for ${limited(verdict.fields.map(({ path }) => path))}`;
    default:
      return `${verdict.is}: ${verdict.reason}`;
  }
}

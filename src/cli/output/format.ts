/** `-o`: which form the output takes. */
import { CommandError } from '../failure.ts';

export type OutputFormat =
  | { readonly form: 'table'; readonly wide: boolean }
  | { readonly form: 'yaml' | 'json' }
  | { readonly form: 'name' }
  | { readonly form: 'jsonpath' | 'jsonpath-as-json' | 'custom-columns'; readonly text: string };

const allowed = 'custom-columns,json,jsonpath,jsonpath-as-json,name,wide,yaml';

/** Throws CommandError in kubectl's words. */
export function parseFormat(text: string): OutputFormat {
  const [form = '', ...rest] = text.split('=');
  switch (form) {
    case '':
      return { form: 'table', wide: false };
    case 'wide':
      return { form: 'table', wide: true };
    case 'yaml':
    case 'json':
      return { form };
    case 'name':
      return { form };
    case 'jsonpath':
    case 'jsonpath-as-json':
      if (rest.length === 0) throw new CommandError('template format specified but no template given');
      return { form, text: rest.join('=') };
    case 'custom-columns':
      return { form, text: rest.join('=') };
    default:
      throw new CommandError(
        `unable to match a printer suitable for the output format "${text}", allowed formats are: ${allowed}`,
      );
  }
}

/** Regular expressions in Go's syntax (RE2), whose time grows with the text and no faster. Loaded with the first definition. */
import { RE2JS } from 're2js';

/** What Go says of a text that is no regular expression; undefined when it is one. */
export function re2Error(pattern: string): string | undefined {
  try {
    RE2JS.compile(pattern);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

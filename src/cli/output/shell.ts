/** Text for a POSIX shell. */

/** Quoted where the shell would read more into it than letters. */
export const quoted = (text: string): string =>
  /^[\w./:@%+=,-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;

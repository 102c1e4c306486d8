/** How a failure is said: in the words kubectl users know, one line where one line will do. */
import { KubeconfigError } from '#client/kubeconfig/entries.ts';
import { type StatusDetails, StatusError } from '#kube/status/status.ts';
import { FlagError } from '#world/process/flags.ts';

/** Said as `error: message`. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
}

/** A failure with where it happened: `error when creating "f.yaml"`. */
export class SourceError extends Error {
  override readonly name = 'SourceError';
  readonly original: unknown;

  constructor(context: string, original: unknown) {
    super(context);
    this.original = original;
  }
}

/** Several failures, each said on its own. */
class Failures extends Error {
  override readonly name = 'Failures';
  readonly all: readonly unknown[];

  constructor(all: readonly unknown[]) {
    super(`${all.length} failures`);
    this.all = all;
  }
}

/** Nothing when there is none, itself when there is one. */
export function throwAll(failures: readonly unknown[]): void {
  if (failures.length === 1) throw failures[0];
  if (failures.length > 1) throw new Failures(failures);
}

/** With its line break. */
export function failureText(error: unknown): string {
  if (error instanceof Failures) return error.all.map(failureText).join('');
  return `${sentence(error)}\n`;
}

function sentence(error: unknown, context = ''): string {
  if (error instanceof SourceError) return sentence(error.original, `${context}${error.message}: `);
  if (error instanceof StatusError) return statusSentence(error, context);
  if (error instanceof CommandError || error instanceof FlagError || error instanceof KubeconfigError)
    return `error: ${context}${error.message}`;
  return `error: ${context}${error instanceof Error ? error.message || error.name : String(error)}`;
}

const unreached = 'Unable to connect to the server: ';

function statusSentence({ message, status }: StatusError, context: string): string {
  const refused = /ECONNREFUSED ([^\s,]+)/.exec(message);
  if (refused)
    return `The connection to the server ${refused[1]} was refused - did you specify the right host or port?`;
  if (message.startsWith(unreached)) return message;
  if (status.reason === 'Unauthorized' && message === 'Unauthorized')
    return 'error: You must be logged in to the server (Unauthorized)';
  // What discovery says of unknown types and kinds is found out here, not by the server.
  if (/^(the server doesn't have a resource type|no matches for kind) /.test(message))
    return `error: ${context}${message.replace(': ensure CRDs', '\nensure CRDs')}`;
  // As kubectl: whichever file it came from, an invalid object is named and its fields are listed.
  if (status.reason === 'Invalid' && status.details) return invalidText(status.details);
  const reason = status.reason ? ` (${status.reason})` : '';
  return `Error from server${reason}: ${context}${message}`;
}

/** One cause follows in the line, several in a line each. */
function invalidText({ kind = '', name = '', causes = [] }: StatusDetails): string {
  const subject = kind === '' && name === '' ? 'The request is invalid' : `The ${kind} "${name}" is invalid`;
  const list = [...new Set(causes.map(({ field, message = '' }) => (field ? `${field}: ${message}` : message)))];
  if (list.length === 0) return subject;
  return list.length === 1 ? `${subject}: ${list[0]}` : `${subject}: \n${list.map((each) => `* ${each}`).join('\n')}`;
}

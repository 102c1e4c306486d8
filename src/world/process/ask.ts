/** A question to the person at the terminal. */
import { createInterface } from 'node:readline/promises';

/** The answer without its line break; '' where input has ended. */
export async function askPerson(question: string): Promise<string> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  // Ended input answers no question.
  const ended = new Promise<string>((resolve) => lines.once('close', () => resolve('')));
  try {
    return await Promise.race([lines.question(question), ended]);
  } finally {
    lines.close();
  }
}

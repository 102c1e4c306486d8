/** The editor a person writes with, over a file of its own. */
import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Where a file goes that is only there to be edited. */
export const temporaryPath = (name: string): string => join(tmpdir(), name);

/** `editor` may have arguments, as $EDITOR may: `code --wait`. Rejects when it does not end well. */
export function runEditor(editor: string, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn('/bin/sh', ['-c', `${editor} "$1"`, 'sh', path], { stdio: 'inherit' });
    child.on('error', (error) =>
      reject(new Error(`there was a problem with the editor "${editor}": ${error.message}`)),
    );
    child.on('exit', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`there was a problem with the editor "${editor}": it ended with ${code ?? 'a signal'}`));
    });
  });
}

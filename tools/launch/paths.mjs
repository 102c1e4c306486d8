// Where the clone is, and the stamps that say what has been set up.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = process.env.FLOTILLA_ROOT ?? dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** Written last; holds what the install was made from. */
export const installStamp = join(root, 'node_modules', '.flotilla-install');

/** Written last by the build; holds the hash of what it was built from. */
export const buildStamp = join(root, 'dist', '.stamp');

/** Held while installing or building, so that two commands started at once do not meet in node_modules. */
export const setUpLock = join(root, '.flotilla', 'setup.lock');

/** Where the program begins. */
import { join } from 'node:path';
import { systemClock } from '#world/clock/system.ts';
import { keepCompiled } from '#world/process/compile-cache.ts';
import { machine } from '#world/process/process.ts';
import { programRoot } from '#world/process/root.ts';
import { runProgram } from './program.ts';
import { machineSurroundings } from './surroundings.ts';

/** The longest a timer can be set to: 24.8 days; whatever runs longer listens on a port, which keeps it alive too. */
const longestMs = 2 ** 31 - 1;

// What a command loads when it is called, and everything that `up` loads, is found compiled the next time.
keepCompiled(join(programRoot(), 'node_modules', '.cache', 'flotilla'));
// Waiting alone does not keep a process alive; a command that waits is not over.
const running = systemClock.after(longestMs, () => {}, { keepAlive: true });
machine.setExitCode(await runProgram(machine.args, machineSurroundings()));
running.cancel();

/** Where the program begins. */
import { systemClock } from '#world/clock/system.ts';
import { machine } from '#world/process/process.ts';
import { runProgram } from './program.ts';
import { machineSurroundings } from './surroundings.ts';

/** The longest a timer can be set to: 24.8 days; whatever runs longer listens on a port, which keeps it alive too. */
const longestMs = 2 ** 31 - 1;

// Waiting alone does not keep a process alive; a command that waits is not over.
const running = systemClock.after(longestMs, () => {}, { keepAlive: true });
machine.setExitCode(await runProgram(machine.args, machineSurroundings()));
running.cancel();

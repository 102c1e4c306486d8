/** Where the program begins. */
import { machine } from '#world/process/process.ts';
import { runProgram } from './program.ts';
import { machineSurroundings } from './surroundings.ts';

machine.setExitCode(await runProgram(machine.args, machineSurroundings()));

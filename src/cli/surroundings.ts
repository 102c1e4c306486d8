/** What a command meets of the machine, as one value: a test hands in its own. */
import type { Clock } from '#world/clock/clock.ts';
import { systemClock } from '#world/clock/system.ts';
import type { Disk } from '#world/disk/disk.ts';
import { systemDisk } from '#world/disk/system.ts';
import { askPerson } from '#world/process/ask.ts';
import { runEditor } from '#world/process/editor.ts';
import { machine, readInput, type Terminal } from '#world/process/process.ts';

export interface Surroundings {
  /** The name the program was called by: `flotilla`, `karmadactl`, `kubectl-karmada`. */
  readonly program: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  readonly output: Terminal;
  readonly errors: Terminal;
  /** Standard input to its end. */
  readonly readInput: () => Promise<string>;
  /** Asks the person at the terminal; answers what was typed. */
  readonly ask: (question: string) => Promise<string>;
  /** Has a person edit a file, with the editor of this command line. */
  readonly edit: (editor: string, path: string) => Promise<void>;
  readonly disk: Disk;
  readonly clock: Clock;
}

const defaultProgram = 'flotilla';

export function machineSurroundings(): Surroundings {
  return {
    // What bin/ puts there: the bundle itself is called flotilla.js whoever calls it.
    program: machine.environment.FLOTILLA_PROGRAM || defaultProgram,
    environment: machine.environment,
    home: machine.home(),
    output: machine.output,
    errors: machine.errors,
    readInput,
    ask: askPerson,
    edit: runEditor,
    disk: systemDisk,
    clock: systemClock,
  };
}

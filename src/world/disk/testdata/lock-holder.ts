/** Takes the lock that is its argument, says so, and holds it until it is killed. */
import { systemDisk } from '../system.ts';

await systemDisk.lock(process.argv[2] ?? '');
process.stdout.write('held\n');
setInterval(() => {}, 1_000);

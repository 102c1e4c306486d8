/** An API server on a data directory, without TLS and open to all, for a test that kills it: `node api-server.ts FOLDER`. */
import { builtinKinds } from '#apis/kubernetes/kinds.ts';
import { createDoor } from '#server/http/door.ts';
import { createApiServer } from '#server/serve.ts';
import { openDataDirectory } from '#server/storage/data-directory.ts';
import { systemClock as clock } from '#world/clock/system.ts';
import { systemDisk } from '#world/disk/system.ts';
import { listen } from '#world/network/listen.ts';
import { systemRandom as random } from '#world/random/system.ts';

const [path = ''] = process.argv.slice(2);
const directory = await openDataDirectory({ disk: systemDisk, clock, path, createdBy: 'flotilla test' });
const server = createApiServer({
  name: 'killed',
  space: 'killed',
  store: await directory.openStore({ clock }),
  world: { clock, random },
  kinds: builtinKinds(),
  disabledAdmission: ['ServiceAccount'],
});
await server.start();
const { url } = await listen({ onRequest: createDoor(server, { clock, random }).serve });
process.stdout.write(`${url}\n`);

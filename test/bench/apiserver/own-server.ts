/** Our API server alone in a process: storage on disk, TLS, access control and admission, and no controllers. */
import { builtinKinds } from '#apis/kubernetes/kinds.ts';
import { startClusterServer } from '#app/up/cluster-server.ts';
import { clusterIdentity } from '#app/up/identity.ts';
import { openStore, prepareDataDirectory } from '#app/up/store.ts';
import { createMetrics } from '#runtime/telemetry/metrics.ts';
import { systemClock } from '#world/clock/system.ts';
import { systemDisk } from '#world/disk/system.ts';
import { systemRandom } from '#world/random/system.ts';

const [path = '', port = '0'] = process.argv.slice(2);
await prepareDataDirectory(systemDisk, path);
const opened = await openStore({ disk: systemDisk, clock: systemClock, path, ephemeral: false });
const identity = await clusterIdentity(systemDisk, opened.file('bench.identity.json'), 'bench', systemClock);
const cluster = await startClusterServer({
  name: 'bench',
  store: opened.store,
  world: { clock: systemClock, random: systemRandom },
  identity,
  kinds: builtinKinds(),
  metrics: createMetrics(),
  onError: (error) => console.error(error),
  port: Number(port),
  portRequired: port !== '0',
});
const { authority, admin } = identity;
console.log(JSON.stringify({ url: cluster.listener.url, ca: authority.cert, cert: admin.cert, key: admin.key }));

process.once('SIGTERM', () => {
  void (async () => {
    await cluster.stop();
    await opened.store.close();
    await opened.release();
    process.exit(0);
  })();
});

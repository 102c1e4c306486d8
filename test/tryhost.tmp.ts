import { up } from '#app/up/up.ts';
import { systemClock } from '#world/clock/system.ts';
import { systemRandom } from '#world/random/system.ts';
import { systemDisk } from '#world/disk/system.ts';
import { silentLog } from '#runtime/telemetry/log.ts';
const t=performance.now();
const u = await up({ world:{clock:systemClock,random:systemRandom}, disk: systemDisk, log: silentLog, progress:{done:(x)=>console.log('+',Math.round(performance.now()-t),x), note:(x)=>console.log('!',x)}, members:['member1','member2'], dataDirectory:'/tmp/hosttry/data', ephemeral:false, host: process.env.NOHOST ? false : true, kubeconfigFolder:'/tmp/hosttry/kube' });
console.log('up', performance.now()-t);
await u.ready; console.log('ready', performance.now()-t);
console.log(JSON.stringify(await u.status(),null,1));
if (process.argv[2]==='stay') { await new Promise(r=>process.on('SIGTERM',r)); }
await u.stop();
console.log('stopped');

import { createCertificateAuthority } from '#world/certificates/authority.ts';
import { systemClock } from '#world/clock/system.ts';
import { systemRandom } from '#world/random/system.ts';
import { createAuthenticator } from '../auth/authenticator.ts';
import { allowAll } from '../auth/authorizer.ts';
import { createHttpAgent } from '#world/network/http-client.ts';
import { registerHooks } from 'node:module';
registerHooks({resolve(s,c,n){ if(s==='#kube/table/table.ts') return {url:'file:///work/main/node_modules/.cache/tmp-http/t.mjs',shortCircuit:true}; return n(s,c);}});
const { listen } = await import('./listen.ts');
import { fork } from 'node:child_process';
const N=20000;
if (process.argv[2]==='client') {
  process.on('message', async (m:any)=>{
    const agent=createHttpAgent({ca:m.ca,cert:m.cert,key:m.key,connections:32});
    const run=async(n:number,init:any)=>{let i=0; await Promise.all(Array.from({length:32},async()=>{while(i++<n){const r=await agent.request({url:m.url+init.path,...init}); await r.text();}}));};
    const body=JSON.stringify({apiVersion:'v1',kind:'ConfigMap',metadata:{name:'a',namespace:'web'},data:{x:'y'.repeat(1000)}});
    for (const init of [{path:'/api/v1/namespaces/web/configmaps/a'},{path:'/api/v1/namespaces/web/configmaps?fieldManager=x',method:'POST',body,headers:{'content-type':'application/json','user-agent':'bench/1'}}]) {
      await run(3000,init); process.send!('start'); const t=performance.now(); await run(N,init); process.send!({done:(init as any).method??'GET',ms:performance.now()-t}); await new Promise(r=>setTimeout(r,200));
    }
    process.exit(0);
  });
} else {
  const ca=await createCertificateAuthority('ca',systemClock); const sp=await ca.issueServer({commonName:'x',hosts:['127.0.0.1']}); const cp=await ca.issueClient({user:'j',groups:['system:masters']});
  const object={apiVersion:'v1',kind:'ConfigMap',metadata:{name:'a',namespace:'web',resourceVersion:'1',uid:'x',labels:{a:'b',c:'d'},managedFields:[{manager:'x',fieldsV1:{'f:data':{'f:x':{}}}}]},data:{x:'y'.repeat(1000)}} as any;
  const l=await listen({name:'b',handler:{handle:async()=>({code:200,object,warnings:[]}),watch:async()=>({stop(){}}),raw:async()=>({code:200,contentType:'text/plain',body:''})},authenticate:createAuthenticator([]),authorizer:allowAll,kind:()=>undefined,durable:async()=>{}},{clock:systemClock,random:systemRandom,tls:{...sp,clientCa:ca.cert}});
  const child=fork(import.meta.filename,['client']); child.send({url:l.url,ca:ca.cert,...cp});
  let c:any; child.on('message',(m:any)=>{ if(m==='start') c=process.cpuUsage(); else {const u=process.cpuUsage(c); console.log(m.done,'cpu us/req',((u.user+u.system)/N).toFixed(1),'req/s',(N/m.ms*1000).toFixed(0));}});
  child.on('exit',()=>process.exit(0));
}

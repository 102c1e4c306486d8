import { existsSync } from 'node:fs';
import { registerHooks } from 'node:module';

registerHooks({
  resolve(s: any, c: any, n: any) {
    if (s === '#kube/table/table.ts' && !existsSync('/work/main/src/kube/table/table.ts'))
      return { url: 'file:///work/main/node_modules/.cache/tmp-http/t.mjs', shortCircuit: true };
    return n(s, c);
  },
});

import { writeFileSync } from 'node:fs';

const t0 = performance.now();
const { createCertificateAuthority } = await import('#world/certificates/authority.ts');
const { systemClock } = await import('#world/clock/system.ts');
const { systemRandom } = await import('#world/random/system.ts');
const { createSigningKeyPem } = await import('#world/certificates/token-signing.ts');
const { bootstrapRbac } = await import('#apis/kubernetes/bootstrap-rbac.ts');
const { builtinKinds } = await import('#apis/kubernetes/kinds.ts');
const { accessControl } = await import('../auth/access.ts');
const { createApiServer } = await import('../serve.ts');
const { memoryStore } = await import('../storage/memory.ts');
const { rawPaths } = await import('./raw.ts');
const { listen } = await import('./listen.ts');
console.log('imports', performance.now() - t0);
let t = performance.now();
const ca = await createCertificateAuthority('ca', systemClock);
const sp = await ca.issueServer({ commonName: 'x', hosts: ['127.0.0.1', 'localhost'] });
const cp = await ca.issueClient({ user: 'admin', groups: ['system:masters'] });
const jane = await ca.issueClient({ user: 'jane', groups: ['dev'] });
console.log('certs', performance.now() - t);
t = performance.now();
const store = memoryStore({ clock: systemClock });
const world = { clock: systemClock, random: systemRandom };
const boot = await bootstrapRbac();
console.log('boot json', performance.now() - t);
let server: any;
for (let i = 0; i < 5; i++) {
  t = performance.now();
  server = createApiServer({
    name: 't',
    space: 't' + i,
    store,
    world,
    kinds: builtinKinds(),
    disabledAdmission: ['ServiceAccount'],
    access: accessControl({ bootstrap: boot, tokenKey: createSigningKeyPem(), authority: ca.cert }),
    raw: rawPaths({ release: 'v1.35.3', platform: 'linux/amd64' }),
  });
  console.log('create', performance.now() - t);
  t = performance.now();
  await server.start();
  console.log('start', performance.now() - t);
}
t = performance.now();
const l = await listen(server, {
  clock: systemClock,
  random: systemRandom,
  tls: { ...sp, clientCa: ca.cert },
  onError: (e: any) => console.error(e),
  port: Number(process.env.PORT ?? 0),
});
console.log('listen', performance.now() - t, l.url, 'total', performance.now() - t0);
const b = (x: string) => Buffer.from(x).toString('base64');
const cfg = (name: string, p: any) =>
  `apiVersion: v1\nkind: Config\ncurrent-context: c\ncontexts:\n- name: c\n  context: {cluster: c, user: u}\nclusters:\n- name: c\n  cluster: {server: "${l.url}", certificate-authority-data: ${b(ca.cert)}}\nusers:\n- name: u\n  user: {client-certificate-data: ${b(p.cert)}, client-key-data: ${b(p.key)}}\n`;
writeFileSync('/tmp/kt/config', cfg('admin', cp));
writeFileSync('/tmp/kt/jane', cfg('jane', jane));
setInterval(() => {}, 1000);

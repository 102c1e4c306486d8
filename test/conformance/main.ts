/**
 * `npm run test:conformance`: the conformance tests against a real kube-apiserver, which is built when it is not in
 * the cache. `-- --record` writes the recordings anew that `npm test` replays.
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { root } from '#harness/program.ts';
import { buildMissing } from './build.ts';

const rest = process.argv.slice(2);
const record = rest.includes('--record');
await buildMissing();
const files = rest.filter((word) => word !== '--record');
const vitest = spawn(
  join(root, 'node_modules', '.bin', 'vitest'),
  ['run', ...(files.length > 0 ? files : ['test/conformance', 'src/client/api-client'])],
  {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, FLOTILLA_CONFORMANCE: '1', ...(record ? { FLOTILLA_RECORD: '1' } : {}) },
  },
);
vitest.on('close', (code) => {
  process.exitCode = code ?? 1;
});

// Rebuilds dist/ when the hash of what it is made from has changed.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withLock } from './lock.mjs';
import { buildStamp, installStamp, root, setUpLock } from './paths.mjs';
import { run } from './process.mjs';

/** Everything that ends in the bundle. */
const inputs = ['src', 'data', 'tools/build.mjs', 'package.json'];

function hashOfInputs() {
  const hash = createHash('sha256').update(readFileSync(installStamp));
  const add = (path) => hash.update(path).update(readFileSync(join(root, path)));
  for (const input of inputs) {
    if (input.includes('.')) add(input);
    else {
      const files = readdirSync(join(root, input), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && !entry.name.endsWith('.test.ts'))
        .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1));
      for (const file of files.sort()) add(file);
    }
  }
  return hash.digest('hex');
}

const stamped = () => (existsSync(buildStamp) ? readFileSync(buildStamp, 'utf8') : undefined);

/** Bundles src/ into dist/ under the locked Node, unless dist/ is already made from it. */
export async function build(node) {
  const hash = hashOfInputs();
  if (stamped() === hash) return writeFileSync(buildStamp, hash);
  await withLock(setUpLock, async () => {
    if (stamped() === hash) return;
    const { exitCode, output } = await run(node, ['tools/build.mjs'], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    if (exitCode !== 0) throw new Error(`the build failed:\n${output.trim()}`);
    writeFileSync(buildStamp, hash);
  });
}

// The door of the clone: installs what is missing, then runs a command under the locked Node.
// Plain JavaScript for Node 20 without dependencies, because it runs before anything is installed.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { build } from './launch/build.mjs';
import { root } from './launch/paths.mjs';
import { run } from './launch/process.mjs';
import { setUp } from './launch/setup.mjs';

const oldestNode = 26;

/** Commands that run the bundled program; the others are tools that run sources. */
const programs = {
  start: ['demo'],
  run: [],
};
const tools = {
  test: ['tools/test.ts'],
  bench: ['test/bench/main.ts'],
  soak: ['tools/test.ts', '--soak'],
  conformance: ['test/conformance/main.ts'],
  build: undefined,
  generate: ['tools/generate/main.ts'],
};

function lockedNode() {
  const locked = join(root, 'node_modules', '.bin', 'node');
  if (existsSync(locked)) return locked;
  if (Number(process.versions.node.split('.')[0]) >= oldestNode) return process.execPath;
  throw new Error(
    `Flotilla needs Node.js ${oldestNode} or newer: none is packaged for ${process.platform}-${process.arch}, and this is ${process.version}. Install Node.js ${oldestNode} and run the command again.`,
  );
}

async function main([command, ...rest]) {
  if (!(command in programs) && !(command in tools)) {
    throw new Error(
      `usage: node tools/launch.mjs ${[...Object.keys(programs), ...Object.keys(tools)].join('|')} [arguments]`,
    );
  }
  await setUp();
  const node = lockedNode();
  if (command in programs || command === 'build') await build(node);
  if (command === 'build') return 0;
  if (command in programs) return run(node, [join(root, 'dist', 'flotilla.js'), ...programs[command], ...rest]);
  // Tools are written for the clone's root; the program keeps the caller's folder, for -f and the like.
  return run(node, [...tools[command], ...rest], { cwd: root });
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  console.error(`error: ${error.message}`);
  process.exitCode = error.exitCode ?? 1;
}

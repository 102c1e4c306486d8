// Installs the locked packages when the stamp does not match the lockfile and the platform.
import { createHash } from 'node:crypto';
import { existsSync, lstatSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { withLock } from './lock.mjs';
import { installStamp, root, setUpLock } from './paths.mjs';
import { run } from './process.mjs';

const installArguments = [
  'ci',
  '--ignore-scripts',
  '--engine-strict=false',
  '--no-audit',
  '--no-fund',
  '--loglevel=error',
];

function wanted() {
  const lockfile = readFileSync(join(root, 'package-lock.json'));
  return `${createHash('sha256').update(lockfile).digest('hex')} ${process.platform}-${process.arch}\n`;
}

const stamped = () => (existsSync(installStamp) ? readFileSync(installStamp, 'utf8') : undefined);

/** The npm that is running us where there is one; its path is a script for Node. */
function npmCommand() {
  const script = process.env.npm_execpath;
  return script?.endsWith('.js')
    ? [process.execPath, [script]]
    : [process.platform === 'win32' ? 'npm.cmd' : 'npm', []];
}

/** Makes node_modules complete: nothing to do, or one `npm ci` with one line of progress. */
export async function setUp() {
  if (stamped() === wanted()) return;
  await withLock(
    setUpLock,
    async () => {
      const stamp = wanted();
      if (stamped() === stamp) return;
      await install();
      mkdirSync(dirname(installStamp), { recursive: true });
      writeFileSync(installStamp, stamp);
    },
    () => console.error('Waiting for another Flotilla command to finish setting up ...'),
  );
}

/** `npm ci` empties node_modules first: through a link it would empty somebody else's. */
function refuseLink() {
  const folder = join(root, 'node_modules');
  if (!lstatSync(folder, { throwIfNoEntry: false })?.isSymbolicLink()) return;
  const error = new Error(
    `${folder} is a link, and installing would empty what it leads to; set up where that is, or remove the link and run the command again`,
  );
  error.exitCode = 1;
  throw error;
}

async function install() {
  refuseLink();
  rmSync(installStamp, { force: true });
  const started = Date.now();
  process.stderr.write('Installing packages from the lockfile ...');
  const [command, prefix] = npmCommand();
  const { exitCode, interrupted, output } = await run(command, [...prefix, ...installArguments], {
    cwd: root,
    env: installEnvironment(),
    group: process.platform !== 'win32',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  if (exitCode !== 0) {
    process.stderr.write('\n');
    const error = new Error(
      interrupted
        ? `set-up was interrupted (${interrupted}); run the command again to finish it`
        : `"npm ci" failed with exit code ${exitCode}; run the command again once this is mended:\n${output.trim()}`,
    );
    error.exitCode = exitCode;
    throw error;
  }
  process.stderr.write(` done in ${((Date.now() - started) / 1000).toFixed(0)} s\n`);
}

/** Settings of the npm that started us (`npm_config_omit`, `npm_config_package_lock`, …) must not change what is installed. */
function installEnvironment() {
  const kept = /^npm_config_(registry|cache|userconfig|globalconfig|prefix|cafile|proxy|https_proxy|noproxy)$/i;
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => kept.test(name) || !/^npm_(config|lifecycle|package)_/i.test(name)),
  );
}

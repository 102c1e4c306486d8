/** The launcher on a small clone with an npm of the test's own: complete, broken off, changed, interrupted. */
import { type ChildProcess, spawn } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { until } from '#harness/until.ts';

const launcher = join(import.meta.dirname, 'launch.mjs');

/** Notes that it was called, makes half of node_modules, waits where the test says so, then makes the rest. */
const npm = `
const fs = require('node:fs');
fs.appendFileSync('npm-calls', process.argv.slice(2).join(' ') + ' ' + (process.env.npm_config_ignore_scripts ?? '') + '\\n');
fs.mkdirSync('node_modules/half', { recursive: true });
fs.writeFileSync('npm-pid.new', String(process.pid));
fs.renameSync('npm-pid.new', 'npm-pid');
const finish = () => fs.mkdirSync('node_modules/whole', { recursive: true });
if (fs.existsSync('npm-waits')) setInterval(() => { if (!fs.existsSync('npm-waits')) { finish(); process.exit(0); } }, 5);
else if (fs.existsSync('npm-fails')) { console.error('no such package'); process.exit(1); }
else finish();
`;

let clone: string;
let children: ChildProcess[];
const file = (name: string) => join(clone, name);
const calls = () => (existsSync(file('npm-calls')) ? readFileSync(file('npm-calls'), 'utf8').trim().split('\n') : []);

beforeEach(() => {
  clone = mkdtempSync(join(tmpdir(), 'flotilla-launch-'));
  children = [];
  mkdirSync(file('tools'));
  writeFileSync(file('package-lock.json'), '{"lockfileVersion":3}');
  writeFileSync(file('npm.js'), npm);
  // What `test` runs: says that it runs, and stays while the test wants it to.
  writeFileSync(
    file('tools/test.ts'),
    "import { existsSync } from 'node:fs';\nconsole.log('ran', ...process.argv.slice(2));\nif (existsSync('tool-waits')) setInterval(() => {}, 1000);\nelse process.exitCode = 7;\n",
  );
});

afterEach(() => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(clone, { recursive: true, force: true });
});

interface Launched {
  readonly child: ChildProcess;
  readonly output: () => string;
  readonly ended: Promise<number | null>;
}

function launch(environment: Readonly<Record<string, string>> = {}): Launched {
  // One file for both streams: two pipes may be read in another order than they were written.
  const output = file(`output-${children.length}`);
  const written = openSync(output, 'a');
  const child = spawn(process.execPath, [launcher, 'test', 'some', 'words'], {
    env: { ...process.env, FLOTILLA_ROOT: clone, npm_execpath: file('npm.js'), ...environment },
    stdio: ['ignore', written, written],
  });
  closeSync(written);
  children.push(child);
  return {
    child,
    output: () => readFileSync(output, 'utf8'),
    ended: new Promise((resolve) => child.on('close', resolve)),
  };
}

const isAlive = (pid: number) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

describe('the launcher', () => {
  test('installs once, passes words and the exit code on', async () => {
    const first = launch();
    expect(await first.ended).toBe(7);
    expect(first.output()).toMatch(/^Installing packages from the lockfile \.\.\. done in \d+ s\nran some words\n$/);
    expect(calls()).toEqual(['ci --ignore-scripts --engine-strict=false --no-audit --no-fund --loglevel=error']);
    const second = launch();
    expect(await second.ended).toBe(7);
    expect(second.output()).toBe('ran some words\n');
    expect(calls()).toHaveLength(1);
  });

  test('installs again when the lockfile has changed', async () => {
    await launch().ended;
    writeFileSync(file('package-lock.json'), '{"lockfileVersion":3,"packages":{}}');
    await launch().ended;
    expect(calls()).toHaveLength(2);
  });

  test('begins again after a set-up that was killed half way', async () => {
    writeFileSync(file('npm-waits'), '');
    const killed = launch();
    await until('npm has begun', () => existsSync(file('npm-pid')) && existsSync(file('node_modules/half')));
    killed.child.kill('SIGKILL');
    await killed.ended;
    process.kill(Number(readFileSync(file('npm-pid'), 'utf8')), 'SIGKILL');
    rmSync(file('npm-waits'));
    const next = launch();
    expect(await next.ended).toBe(7);
    expect(calls()).toHaveLength(2);
    expect(existsSync(file('node_modules/whole'))).toBe(true);
  });

  test('never installs through a link', async () => {
    const elsewhere = mkdtempSync(join(tmpdir(), 'flotilla-modules-'));
    writeFileSync(join(elsewhere, 'kept'), '');
    symlinkSync(elsewhere, file('node_modules'));
    const refused = launch();
    expect(await refused.ended).toBe(1);
    expect(refused.output()).toContain('node_modules is a link, and installing would empty what it leads to');
    expect(calls()).toEqual([]);
    expect(existsSync(join(elsewhere, 'kept'))).toBe(true);
    rmSync(elsewhere, { recursive: true });
  });

  test('is not changed by settings of the npm that started it', async () => {
    await launch({ npm_config_ignore_scripts: 'true', npm_config_omit: 'optional' }).ended;
    expect(calls()[0]).toMatch(/--loglevel=error$/);
  });

  test('says what npm said when it failed, and leaves no stamp', async () => {
    writeFileSync(file('npm-fails'), '');
    const failed = launch();
    expect(await failed.ended).toBe(1);
    expect(failed.output()).toMatch(/error: "npm ci" failed with exit code 1; .*\nno such package/);
    expect(existsSync(file('node_modules/.flotilla-install'))).toBe(false);
  });

  test('waits for another one that is setting up', async () => {
    writeFileSync(file('npm-waits'), '');
    const first = launch();
    await until('npm has begun', () => existsSync(file('npm-pid')));
    const second = launch();
    await until('it waits', () => second.output().includes('Waiting for another Flotilla command'));
    rmSync(file('npm-waits'));
    expect(await Promise.all([first.ended, second.ended])).toEqual([7, 7]);
    expect(calls()).toHaveLength(1);
  });

  test('ends npm with it, and what it runs', async () => {
    writeFileSync(file('npm-waits'), '');
    const settingUp = launch();
    await until('npm has begun', () => existsSync(file('npm-pid')));
    const pid = Number(readFileSync(file('npm-pid'), 'utf8'));
    settingUp.child.kill('SIGTERM');
    expect(await settingUp.ended).toBe(143);
    expect(isAlive(pid)).toBe(false);
    expect(settingUp.output()).toContain('set-up was interrupted (SIGTERM); run the command again to finish it');
    rmSync(file('npm-waits'));
    writeFileSync(file('tool-waits'), '');
    const running = launch();
    await until('the tool runs', () => running.output().includes('ran some words'));
    running.child.kill('SIGTERM');
    expect(await running.ended).toBe(143);
  });
});

/** Takes the lock again and again; what is done under it fails where another one does it too. */
const contender = `
const fs = require('node:fs');
const [lock, path, alone] = process.argv.slice(1);
import(lock).then(async ({ withLock }) => {
  for (let round = 0; round < 300; round++) {
    // Left behind by a holder that is gone, now and then.
    if (round % 10 === 0) try { fs.writeFileSync(path, '999999999', { flag: 'wx' }); } catch {}
    await withLock(path, () => {
      fs.mkdirSync(alone);
      fs.rmdirSync(alone);
    });
  }
});
`;

test('the lock is held by one, also when many find one whose holder is gone', async () => {
  const lock = join(import.meta.dirname, 'launch', 'lock.mjs');
  const running = Array.from({ length: 4 }, () =>
    spawn(process.execPath, ['-e', contender, lock, file('lock'), file('alone')], {
      stdio: ['ignore', 'ignore', 'pipe'],
    }),
  );
  children.push(...running);
  const said = running.map(async ({ stderr }) => (await stderr.toArray()).join(''));
  expect(await Promise.all(said)).toEqual(['', '', '', '']);
});

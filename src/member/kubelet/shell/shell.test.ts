import { describe, expect, it } from 'vitest';
import type { Clock } from '#world/clock/clock.ts';
import { type SimulatedClock, simulatedClock } from '#world/clock/simulated.ts';
import { systemClock } from '#world/clock/system.ts';
import { gunzipBytes, gzipBytes } from '#world/network/compress.ts';
import { fileTree, folder } from '../container/files.ts';
import { type Machine, nothing } from './process.ts';
import { programs } from './programs/programs.ts';
import { createShell } from './shell.ts';

function inside(clock: Clock & Pick<SimulatedClock, 'advance'> = simulatedClock()) {
  const machine: Machine = {
    files: fileTree(folder({ tmp: folder(), bin: folder({}, true) }), clock.now),
    clock,
    hostname: 'web-0',
    user: { name: 'root', id: 0, group: 0 },
    command: 'nginx',
    startedAt: clock.now(),
    fetch: async () => {
      throw new Error('nobody is there');
    },
    gzip: gzipBytes,
    gunzip: gunzipBytes,
  };
  const run = async (script: string, input = '') => {
    const out: string[] = [];
    const errors: string[] = [];
    const shell = createShell({
      machine,
      programs,
      env: new Map([
        ['HOME', '/root'],
        ['COLOR', 'red'],
      ]),
      cwd: '/tmp',
      signal: new AbortController().signal,
      args: ['sh', 'one', 'two words'],
    });
    const code = await shell.run(script, {
      stdin:
        input === ''
          ? nothing()
          : (async function* () {
              yield Buffer.from(input);
            })(),
      stdout: async (bytes) => void out.push(Buffer.from(bytes as Uint8Array).toString('latin1')),
      stderr: async (bytes) => void errors.push(Buffer.from(bytes as Uint8Array).toString('latin1')),
    });
    return { out: out.join(''), errors: errors.join(''), code };
  };
  return { run, machine, clock };
}

const out = async (script: string, input?: string) => (await inside().run(script, input)).out;

describe('the shell of a simulated container', () => {
  it.each([
    ['echo a; echo b && echo c || echo d', 'a\nb\nc\n'],
    ['false && echo a || echo b', 'b\n'],
    ['! false && echo yes', 'yes\n'],
    ['echo \'a  b\' "c  $COLOR" d   e $COLOR', 'a  b c  red d e red\n'],
    ['X=1; Y=$X$X; echo $Y ${Z:-none} ${Z} ${X:+set} ${#Y}', '11 none set 2\n'],
    ['f=a/b/c.txt; echo ${f##*/} ${f%.txt} ${f%%/*} ${f#*/}', 'c.txt a/b/c a b/c.txt\n'],
    ['echo $(echo inner) `echo back` $((2 + 3 * (4 - 1)))', 'inner back 11\n'],
    ['echo $# "$1" $2; for w in "$@"; do echo "<$w>"; done', '2 one two words\n<one>\n<two words>\n'],
    ['for i in 1 2 3; do if [ $i -eq 2 ]; then continue; fi; echo $i; done', '1\n3\n'],
    ['i=0; while [ $i -lt 3 ]; do i=$((i+1)); done; echo $i', '3\n'],
    ['until true; do echo never; done; echo end', 'end\n'],
    ['if false; then echo a; elif true; then echo b; else echo c; fi', 'b\n'],
    ['(cd /; X=inner; pwd); pwd; echo "[$X]"', '/\n/tmp\n[]\n'],
    ['{ echo a; echo b; } | wc -l', '2\n'],
    ['echo one > f; echo two >> f; cat < f; cat f | tail -n 1', 'one\ntwo\ntwo\n'],
    ['nope 2>/dev/null; echo $?', '127\n'],
    ['touch b.txt a.txt c; echo *.txt; echo *.none', 'a.txt b.txt\n*.none\n'],
    ['yes | head -n 2', 'y\ny\n'],
    ['printf "%s-%03d\\n" a 7 b 12', 'a-007\nb-012\n'],
    ['seq 5 | grep -v 3 | sort -rn | tr "\\n" " "', '5 4 2 1 '],
    ['echo "a b c" | cut -d " " -f 2-', 'b c\n'],
    ['# a comment\necho after', 'after\n'],
    ['test -d /tmp && test ! -e /none && echo ok', 'ok\n'],
    ['echo hi | tee copy >/dev/null; wc -c < copy', '3\n'],
    ['printf "1\\n2\\n" | xargs -n 1 echo got', 'got 1\ngot 2\n'],
  ])('%s', async (script, expected) => {
    expect(await out(script)).toBe(expected);
  });

  it('says what it does not understand, with the codes that shells have', async () => {
    const { run } = inside();
    expect(await run('nope')).toEqual({ out: '', errors: 'sh: nope: not found\n', code: 127 });
    expect(await run('if true; then')).toMatchObject({ code: 2, errors: 'sh: syntax error: unexpected end of file\n' });
    expect(await run('echo "a')).toMatchObject({ code: 2 });
    expect(await run('exit 7; echo no')).toMatchObject({ code: 7, out: '' });
    expect(await run('ls /none')).toMatchObject({ code: 1, errors: 'ls: /none: No such file or directory\n' });
    expect(await run('echo x > /bin/x')).toMatchObject({
      code: 1,
      errors: "sh: can't create /bin/x: Read-only file system\n",
    });
  });

  it('reads what it is given', async () => {
    expect(await out('cat; echo end', 'typed\n')).toBe('typed\nend\n');
    expect(await out('read a b; echo "$b,$a"', 'x y z\n')).toBe('y z,x\n');
  });

  it('waits by the clock of the world, and nobody else', async () => {
    const { run, clock } = inside();
    let over = false;
    const running = run('sleep 30; echo woke').then((result) => {
      over = true;
      return result;
    });
    await clock.advance(29_000);
    expect(over).toBe(false);
    await clock.advance(1_000);
    expect((await running).out).toBe('woke\n');
  });

  it('packs and unpacks archives', async () => {
    const { run, machine } = inside();
    const long = `${'deep/'.repeat(25)}file`;
    await run(
      `mkdir -p ${long.slice(0, -5)}; echo content > ${long}; echo x > top; tar cf /tmp/a.tar deep top; tar czf b.tgz top`,
    );
    expect((await run(`mkdir out; tar xf a.tar -C out; cat out/top; cat out/${long}`)).out).toBe('x\ncontent\n');
    expect((await run('tar tf b.tgz')).out).toBe('top\n');
    expect(machine.files.find('/tmp/out/deep')?.kind).toBe('folder');
  });

  it('keeps within its bounds', async () => {
    const { run } = inside({ ...systemClock, advance: async () => {} });
    expect((await run('yes xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx | head -c 40000000 > big')).errors).toContain(
      'No space left on device',
    );
    expect((await run(`echo ${'$('.repeat(60)}echo${')'.repeat(60)}`)).code).not.toBe(0);
    expect((await run('x=ab; while true; do x=$x$x; done')).errors).toContain('out of memory');
    expect((await run('while true; do sleep 1000 & done')).errors).toContain("can't fork");
    expect((await run('yes | sort')).errors).toBe('sort: out of memory\n');
    const hard = `${'a'.repeat(40)}!`;
    expect(await run(`echo ${hard} | grep -E '^(a+)+$'; echo ${hard} | grep -c '^a*a*a*a*a*a*b$'`)).toMatchObject({
      out: '0\n',
    });
    expect((await run(`x=${'a'.repeat(200)}; echo "\${x##*a*a*a*a*a*a*b}"`)).out).toBe(`${'a'.repeat(200)}\n`);
    expect((await run(`${'('.repeat(80)}true${')'.repeat(80)}`)).errors).toContain('nested too deeply');
  });
});

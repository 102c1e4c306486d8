/** What every disk must do; run by disk.test.ts on the machine's and on the one in memory. */
import { describe, expect, test } from 'vitest';
import { type Disk, DiskLockedError } from './disk.ts';

export function diskCases(name: string, make: () => Promise<{ readonly disk: Disk; readonly root: string }>): void {
  describe(`disk: ${name}`, () => {
    test('what is written can be read, whole and over what was there', async () => {
      const { disk, root } = await make();
      const path = `${root}/config`;
      expect(await disk.read(path)).toBeUndefined();
      expect(await disk.readText(path)).toBeUndefined();
      await disk.write(path, 'first, and longer');
      await disk.write(path, 'zweitens: größer');
      expect(await disk.readText(path)).toBe('zweitens: größer');
      expect(new Uint8Array((await disk.read(path))!)).toEqual(new TextEncoder().encode('zweitens: größer'));
      expect(await disk.list(root)).toEqual(['config']);
    });

    test('writing into a folder that is not there fails and leaves nothing', async () => {
      const { disk, root } = await make();
      await expect(disk.write(`${root}/none/config`, 'x')).rejects.toMatchObject({ code: 'ENOENT' });
      expect(await disk.list(root)).toEqual([]);
    });

    test('folders are made with those above them, listed in order and removed with all they hold', async () => {
      const { disk, root } = await make();
      expect(await disk.list(`${root}/a`)).toBeUndefined();
      await disk.makeDirectory(`${root}/a/b`);
      await disk.makeDirectory(`${root}/a/b`);
      await disk.write(`${root}/a/z`, 'z');
      await disk.write(`${root}/a/b/y`, 'y');
      await disk.write(`${root}/ab`, 'neighbour');
      expect(await disk.list(`${root}/a`)).toEqual(['b', 'z']);
      await disk.remove(`${root}/a/z`);
      await disk.remove(`${root}/a/z`);
      await disk.remove(`${root}/a`);
      expect(await disk.list(`${root}/a`)).toBeUndefined();
      expect(await disk.list(root)).toEqual(['ab']);
    });

    test('a file can be looked into at any place', async () => {
      const { disk, root } = await make();
      expect(await disk.open(`${root}/none`)).toBeUndefined();
      await disk.write(`${root}/file`, 'abcdef');
      const file = (await disk.open(`${root}/file`))!;
      const target = new Uint8Array(4);
      expect(file.size).toBe(6);
      expect(file.read(target, 1)).toBe(4);
      expect(new TextDecoder().decode(target)).toBe('bcde');
      expect(file.read(target, 4)).toBe(2);
      expect(file.read(target, 6)).toBe(0);
      file.close();
    });

    test('a lock is held by one at a time', async () => {
      const { disk, root } = await make();
      const held = await disk.lock(`${root}/lock`);
      await expect(disk.lock(`${root}/lock`)).rejects.toBeInstanceOf(DiskLockedError);
      await held.release();
      await (await disk.lock(`${root}/lock`)).release();
    });
  });
}

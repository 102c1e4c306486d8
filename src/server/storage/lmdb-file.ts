/**
 * Looks through an LMDB file for damage before LMDB maps it: LMDB trusts its file, and a truncated or overwritten one
 * ends the process with a signal instead of an error. Every page that the last transaction reaches must lie in the
 * file, be what it is taken for, and keep its parts within its bounds; the records' contents have checksums (record.ts).
 * Layout: `mdb.c` of LMDB 1.0 as lmdb 3.5 is built with it, 64-bit, little-endian.
 */
import { Buffer } from 'node:buffer';
import type { Clock } from '#world/clock/clock.ts';
import type { FileReader } from '#world/disk/disk.ts';
import { Slices } from './slices.ts';

const magic = 0xbeefc0de;
const smallestPage = 512;
const largestPage = 32_768;

/** Page header: own number (8 bytes), transaction (8), unused (2), flags (2), end of pointers (2), start of nodes (2). */
const pageHeaderBytes = 24;
const flagsAt = 18;
const pointersEndAt = 20;
/** In place of the last two, on the first of the pages of one large value. */
const overflowPagesAt = 20;
const branchPage = 0x01;
const leafPage = 0x02;
const overflowPage = 0x04;
const metaPage = 0x08;
const pageKinds = branchPage | leafPage | overflowPage | metaPage;

/** Node: data size or child (2 + 2 bytes), flags or the child's upper part (2), size of key (2); key and data follow. */
const nodeHeaderBytes = 8;
const largeValueFlag = 0x01;
/** What stands for a large value in its node: page number, transaction, count of pages. */
const largeValueBytes = 24;

/** Within a meta page: magic (4), version (4), address (8), size of map (8), free tree, main tree, last page, transaction. */
const treesAt = pageHeaderBytes + 24;
const treeBytes = 48;
const treeDepthAt = 6;
const treeRootAt = 40;
const transactionAt = treesAt + 2 * treeBytes + 8;

/** Pages checked between two looks at the clock: 32 of 10 µs. */
const pagesPerLook = 32;

interface Tree {
  readonly root: number;
  readonly depth: number;
}

interface Meta {
  readonly pageBytes: number;
  readonly transaction: bigint;
  readonly trees: readonly Tree[];
}

class Damage extends Error {}

function check(condition: boolean, what: string): asserts condition {
  if (!condition) throw new Damage(what);
}

function readMeta(file: FileReader, position: number): Meta {
  const page = Buffer.alloc(smallestPage);
  check(file.read(page, position) === page.length, 'its file is too short');
  check(page.readUInt16LE(flagsAt) === metaPage, 'its file does not begin as it should');
  check(page.readUInt32LE(pageHeaderBytes) === magic, 'its file does not begin as it should');
  const pageBytes = page.readUInt32LE(treesAt);
  const sound = pageBytes >= smallestPage && pageBytes <= largestPage && (pageBytes & (pageBytes - 1)) === 0;
  check(sound, 'its file does not begin as it should');
  const trees = [treesAt, treesAt + treeBytes].map((start) => ({
    root: Number(page.readBigUInt64LE(start + treeRootAt)),
    depth: page.readUInt16LE(start + treeDepthAt),
  }));
  return { pageBytes, transaction: page.readBigUInt64LE(transactionAt), trees };
}

class PageChecker {
  private readonly file: FileReader;
  private readonly pageBytes: number;
  private readonly page: Buffer;
  private readonly head = Buffer.alloc(pageHeaderBytes);

  constructor(file: FileReader, pageBytes: number) {
    this.file = file;
    this.pageBytes = pageBytes;
    this.page = Buffer.alloc(pageBytes);
  }

  /** Checks a page of a tree; adds the pages below it to `children`. */
  check(number: number, kind: number, children: number[]): void {
    const { page, pageBytes } = this;
    this.read(page, number, kind);
    const pointersEnd = pageHeaderBytes + page.readUInt16LE(pointersEndAt);
    check(pointersEnd <= pageBytes, `page ${number} is not whole`);
    for (let pointer = pageHeaderBytes; pointer < pointersEnd; pointer += 2) {
      const node = pageHeaderBytes + page.readUInt16LE(pointer);
      check(node >= pointersEnd && node + nodeHeaderBytes <= pageBytes, `page ${number} is not whole`);
      const data = node + nodeHeaderBytes + page.readUInt16LE(node + 6);
      if (kind === branchPage) {
        check(data <= pageBytes, `page ${number} is not whole`);
        children.push(page.readUInt32LE(node) + page.readUInt16LE(node + 4) * 2 ** 32);
      } else this.checkValue(number, node, data);
    }
  }

  private checkValue(number: number, node: number, data: number): void {
    const { page, pageBytes, head } = this;
    const size = page.readUInt32LE(node);
    const isLarge = (page.readUInt16LE(node + 4) & largeValueFlag) !== 0;
    check(data + (isLarge ? largeValueBytes : size) <= pageBytes, `page ${number} is not whole`);
    if (!isLarge) return;
    const first = Number(page.readBigUInt64LE(data));
    this.read(head, first, overflowPage);
    const pages = head.readUInt32LE(overflowPagesAt);
    const fits = pageHeaderBytes + size <= pages * pageBytes && (first + pages) * pageBytes <= this.file.size;
    check(fits, `page ${first} is not whole`);
  }

  private read(target: Buffer, number: number, kind: number): void {
    const position = number * this.pageBytes;
    const inside = number >= 2 && position + this.pageBytes <= this.file.size;
    check(inside && this.file.read(target, position) === target.length, `its file ends before page ${number}`);
    const isIt = Number(target.readBigUInt64LE(0)) === number && (target.readUInt16LE(flagsAt) & pageKinds) === kind;
    check(isIt, `page ${number} has been overwritten`);
  }
}

async function checkTree({ root, depth }: Tree, checker: PageChecker, clock: Clock): Promise<void> {
  let level = depth > 0 ? [root] : [];
  const slices = new Slices(clock, pagesPerLook);
  for (let height = depth; height > 0; height--) {
    const below: number[] = [];
    for (const number of level.sort((a, b) => a - b)) {
      checker.check(number, height > 1 ? branchPage : leafPage, below);
      if (slices.over()) await slices.next();
    }
    level = below;
  }
}

/** What is wrong with the file; undefined when nothing is, or when it is empty (LMDB begins anew). */
export async function damageOf(file: FileReader, clock: Clock): Promise<string | undefined> {
  if (file.size === 0) return undefined;
  try {
    const first = readMeta(file, 0);
    const second = readMeta(file, first.pageBytes);
    const meta = second.transaction > first.transaction ? second : first;
    const checker = new PageChecker(file, first.pageBytes);
    for (const tree of meta.trees) await checkTree(tree, checker, clock);
    return undefined;
  } catch (error) {
    if (error instanceof Damage) return error.message;
    throw error;
  }
}

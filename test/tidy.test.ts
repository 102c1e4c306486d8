/** Style is a test: the tree, the layers and the lengths that ARCHITECTURE.md promises. */
import { describe, expect, test } from 'vitest';
import { cycles, deadExports, orphans } from './tidy/graph.ts';
import { layerViolations } from './tidy/layers.ts';
import {
  bannedFileNames,
  deadLinks,
  folderMap,
  longFiles,
  longFunctions,
  mostExceptions,
  readExceptions,
} from './tidy/shape.ts';
import { readSources } from './tidy/sources.ts';
import { packageViolations, worldViolations } from './tidy/world.ts';

const files = readSources();
const exceptions = readExceptions();
const excepted = (problem: string) => Object.keys(exceptions).some((path) => problem.startsWith(path));

describe('tidy', () => {
  test('rooms import only what the layer table allows', () => expect(layerViolations(files)).toEqual([]));
  test('only src/world touches time, chance and the machine', () => expect(worldViolations(files)).toEqual([]));
  test('each package is imported in one file', () => expect(packageViolations(files)).toEqual([]));
  test('no import cycles', () => expect(cycles(files)).toEqual([]));
  test('no dead exports', () => expect(deadExports(files)).toEqual([]));
  test('no file that nothing imports', () => expect(orphans(files)).toEqual([]));
  test('no banned names', () => expect(bannedFileNames(files)).toEqual([]));
  test('files and functions stay short', () => {
    const long = [...longFiles(files), ...longFunctions(files)];
    expect(long.filter((problem) => !excepted(problem))).toEqual([]);
    const needless = Object.keys(exceptions).filter((path) => !long.some((problem) => problem.startsWith(path)));
    expect(needless, 'exceptions that are no longer needed').toEqual([]);
    expect(Object.keys(exceptions).length).toBeLessThanOrEqual(mostExceptions);
  });
  test('ARCHITECTURE.md has one line for each folder', () => expect(folderMap()).toEqual([]));
  test('no dead links', () => expect(deadLinks()).toEqual([]));
});

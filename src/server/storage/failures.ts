/** Why a data directory cannot be used: one sentence each, with what to do. */

export type DataDirectoryProblem = 'in use' | 'other format' | 'damaged' | 'not ours' | 'unreadable';

export class DataDirectoryError extends Error {
  override readonly name = 'DataDirectoryError';
  readonly problem: DataDirectoryProblem;

  constructor(problem: DataDirectoryProblem, message: string) {
    super(message);
    this.problem = problem;
  }
}

export const inUse = (path: string, pid: number) =>
  new DataDirectoryError(
    'in use',
    `the data directory ${path} is in use by process ${pid}: stop that process first, or choose another directory with --data-dir`,
  );

export const otherFormat = (path: string, found: string, createdBy: string, ours: number) =>
  new DataDirectoryError(
    'other format',
    `the data directory ${path} has format ${found}${createdBy && ` (written by ${createdBy})`}, this version reads format ${ours}: ` +
      'use the version that wrote it, or choose another directory with --data-dir; nothing was changed',
  );

export const damaged = (path: string, detail: string) =>
  new DataDirectoryError(
    'damaged',
    `the store in the data directory ${path} is damaged (${detail}): restore the directory from a backup, ` +
      'or choose another directory with --data-dir; nothing was changed',
  );

export const notOurs = (path: string) =>
  new DataDirectoryError(
    'not ours',
    `${path} holds files but is not a Flotilla data directory: choose an empty or a new directory with --data-dir; nothing was changed`,
  );

export const unreadable = (path: string, detail: string) =>
  new DataDirectoryError('unreadable', `the data directory ${path} cannot be used: ${detail}`);

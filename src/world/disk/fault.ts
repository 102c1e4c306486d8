/** What the machine says of a file or folder that cannot be used, in words a person can act on. */

const words: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the file system is read-only',
  ENOSPC: 'no space left on the device',
  EDQUOT: 'the disk quota is used up',
  ENOTDIR: 'a part of the path is a file, not a directory',
  EISDIR: 'it is a directory',
  EEXIST: 'it is a file, not a directory',
  ENOENT: 'it cannot be made there',
  ENAMETOOLONG: 'the name is too long',
};

/** Undefined for what is no failure of a disk. */
export function diskFault(error: unknown): string | undefined {
  const { code, message } = error as { readonly code?: unknown; readonly message?: string };
  return typeof code === 'string' ? (words[code] ?? message ?? code) : undefined;
}

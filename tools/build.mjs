// Bundles the program into dist/: one entry, split where the source imports lazily, packages left outside.
import { rm } from 'node:fs/promises';
import { rolldown } from 'rolldown';

const bundle = await rolldown({
  input: { flotilla: 'src/cli/main.ts' },
  platform: 'node',
  external: (id) => !id.startsWith('.') && !id.startsWith('/') && !id.startsWith('#') && !id.startsWith('\0'),
  treeshake: true,
});
await rm('dist', { recursive: true, force: true });
await bundle.write({
  dir: 'dist',
  format: 'esm',
  sourcemap: true,
  entryFileNames: '[name].js',
  chunkFileNames: 'chunks/[name]-[hash].js',
});
await bundle.close();

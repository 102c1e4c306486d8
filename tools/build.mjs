// Bundles the program into dist/: one entry, split where the source imports lazily, packages left outside.
// `node tools/build.mjs ENTRY FOLDER` does the same with another program, for a bench.
import { mkdir, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { rolldown } from 'rolldown';

const [entry = 'src/cli/main.ts', target = 'dist'] = process.argv.slice(2);
const name = process.argv.length > 2 ? basename(entry, '.ts') : 'flotilla';

/** Text that JSON.parse reads loads in half the time of the same data as a JavaScript literal. */
const jsonAsText = {
  name: 'json-as-text',
  async load(id) {
    if (!id.endsWith('.json')) return undefined;
    const text = JSON.stringify(JSON.parse(await readFile(id, 'utf8')));
    return { code: `export default JSON.parse(${JSON.stringify(text)})`, moduleType: 'js' };
  },
};

const bundle = await rolldown({
  input: { [name]: entry },
  platform: 'node',
  external: (id) => !id.startsWith('.') && !id.startsWith('/') && !id.startsWith('#') && !id.startsWith('\0'),
  treeshake: true,
  plugins: [jsonAsText],
});
// Beside what is there, and then put in its place file by file: who starts or runs the program meanwhile finds it whole.
const fresh = `${target}/.next`;
await rm(fresh, { recursive: true, force: true });
await bundle.write({
  dir: fresh,
  format: 'esm',
  sourcemap: true,
  entryFileNames: '[name].js',
  chunkFileNames: 'chunks/[name]-[hash].js',
});
await bundle.close();

const chunks = `${target}/chunks`;
const made = new Set(await readdir(`${fresh}/chunks`));
await mkdir(chunks, { recursive: true });
for (const chunk of made) await rename(`${fresh}/chunks/${chunk}`, `${chunks}/${chunk}`);
for (const file of [`${name}.js.map`, `${name}.js`]) await rename(`${fresh}/${file}`, `${target}/${file}`);
await rm(fresh, { recursive: true, force: true });

// A program that is running loads chunks of its own build as it comes to need them.
const keptMs = 24 * 3_600_000;
for (const chunk of await readdir(chunks)) {
  const path = `${chunks}/${chunk}`;
  if (!made.has(chunk) && Date.now() - (await stat(path)).mtimeMs > keptMs) await rm(path);
}

// Preloaded into a child: writes every module it loads to the file named by FLOTILLA_LOADED, one a line.
import { appendFileSync } from 'node:fs';
import { registerHooks } from 'node:module';

const file = process.env.FLOTILLA_LOADED;
registerHooks({
  load(url, context, next) {
    if (url.startsWith('file:')) appendFileSync(file, `${decodeURIComponent(new URL(url).pathname)}\n`);
    return next(url, context);
  },
});

/** Compiled code kept between runs: a program that ends at once spends much of its time on compiling itself. */
import { enableCompileCache } from 'node:module';

/**
 * From here on modules are compiled once for this version of node. A folder that cannot be written is no failure:
 * everything is compiled as always.
 */
export function keepCompiled(folder: string): void {
  enableCompileCache(folder);
}

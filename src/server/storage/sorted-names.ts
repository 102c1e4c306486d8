/**
 * Names in order, cheap to insert into and to walk: a list of short sorted chunks. An insert moves at most one chunk,
 * a walk touches only what it visits, so neither an insert nor a page of a list depends on how many names there are.
 */

const chunkSize = 256;

/** Index of the first element not below `name`. */
function lowerBound(names: readonly string[], name: string): number {
  let low = 0;
  let high = names.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (names[middle]! < name) low = middle + 1;
    else high = middle;
  }
  return low;
}

export class SortedNames {
  private chunks: string[][] = [];
  private total = 0;

  get size(): number {
    return this.total;
  }

  /** Adds a name that is not in yet. */
  add(name: string): void {
    this.total++;
    const index = this.chunkOf(name);
    const chunk = this.chunks[index];
    if (!chunk) {
      this.chunks.push([name]);
      return;
    }
    // Names that come in order (loading, generated names) fill chunks instead of splitting them.
    if (chunk.length === chunkSize && index === this.chunks.length - 1 && chunk[chunkSize - 1]! < name) {
      this.chunks.push([name]);
      return;
    }
    chunk.splice(lowerBound(chunk, name), 0, name);
    if (chunk.length > chunkSize) this.chunks.splice(index + 1, 0, chunk.splice(chunkSize / 2));
  }

  delete(name: string): void {
    const index = this.chunkOf(name);
    const chunk = this.chunks[index];
    const place = chunk ? lowerBound(chunk, name) : 0;
    if (!chunk || chunk[place] !== name) return;
    this.total--;
    chunk.splice(place, 1);
    if (chunk.length === 0) this.chunks.splice(index, 1);
  }

  /** Visits the names above `after` (all without it) in order until `visit` answers false; answers whether it never did. */
  walk(after: string | undefined, visit: (name: string) => boolean): boolean {
    let index = after === undefined ? 0 : this.chunkOf(after);
    let chunk = this.chunks[index];
    if (!chunk) return true;
    let place = after === undefined ? 0 : lowerBound(chunk, after);
    if (after !== undefined && chunk[place] === after) place++;
    for (; chunk; chunk = this.chunks[++index], place = 0) {
      for (; place < chunk.length; place++) if (!visit(chunk[place]!)) return false;
    }
    return true;
  }

  /** How many names are above `name`, which need not be in. */
  countAfter(name: string): number {
    const index = this.chunkOf(name);
    const chunk = this.chunks[index];
    if (!chunk) return 0;
    const place = lowerBound(chunk, name);
    let count = chunk.length - place - (chunk[place] === name ? 1 : 0);
    for (let next = index + 1; next < this.chunks.length; next++) count += this.chunks[next]!.length;
    return count;
  }

  /** The last chunk that begins at or below `name`; the first one when none does. */
  private chunkOf(name: string): number {
    let low = 1;
    let high = this.chunks.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.chunks[middle]![0]! <= name) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }
}

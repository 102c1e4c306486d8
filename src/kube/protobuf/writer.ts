/**
 * Protobuf's wire format written from the end to the beginning, as gogo does: what a message contains is there before
 * its length has to be.
 */

/** Most objects are smaller; the buffer grows with the first one that is not, and stays so up to the second number. */
const firstBytes = 64 * 1024;
const keptBytes = 4 * 1024 * 1024;

/** Shorter texts of ASCII are copied faster here than by a call into native code. */
const shortText = 24;

/** One at a time: whoever takes it has written and copied before the next one can begin. */
let scratch = Buffer.allocUnsafeSlow(firstBytes);

export class Writer {
  #bytes = scratch;
  #begin = scratch.byteLength;

  /** How much has been written: the difference of two is the length of what came between. */
  get written(): number {
    return this.#bytes.byteLength - this.#begin;
  }

  #reserve(length: number): void {
    if (this.#begin >= length) return;
    const { written } = this;
    const larger = Buffer.allocUnsafeSlow(Math.max(this.#bytes.byteLength * 2, written + length));
    const begin = larger.byteLength - written;
    this.#bytes.copy(larger, begin, this.#begin);
    this.#bytes = larger;
    this.#begin = begin;
    if (larger.byteLength <= keptBytes) scratch = larger;
  }

  /** A whole number that is not negative. */
  varint(value: number): void {
    if (value < 0x80) {
      this.#reserve(1);
      this.#bytes[--this.#begin] = value;
      return;
    }
    const groups: number[] = [];
    let rest = value;
    for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) groups.push((rest % 0x80) | 0x80);
    groups.push(rest);
    this.raw(groups);
  }

  /** Any whole number; a negative one as its 64 bits, ten bytes long. */
  integer(value: number): void {
    if (value >= 0) {
      this.varint(value);
      return;
    }
    let rest = BigInt.asUintN(64, BigInt(value));
    const groups: number[] = [];
    for (; rest >= 0x80n; rest >>= 7n) groups.push(Number(rest & 0x7fn) | 0x80);
    groups.push(Number(rest));
    this.raw(groups);
  }

  double(value: number): void {
    this.#reserve(8);
    this.#begin = this.#bytes.writeDoubleLE(value, this.#begin - 8) - 8;
  }

  raw(bytes: ArrayLike<number>): void {
    this.#reserve(bytes.length);
    this.#begin -= bytes.length;
    this.#bytes.set(bytes, this.#begin);
  }

  text(text: string): void {
    if (text.length < shortText && this.#ascii(text)) return;
    const length = Buffer.byteLength(text);
    this.#reserve(length);
    this.#begin -= length;
    this.#bytes.write(text, this.#begin, length, 'utf8');
  }

  /** False, and nothing written, where a character is not ASCII. */
  #ascii(text: string): boolean {
    this.#reserve(text.length);
    const begin = this.#begin - text.length;
    for (let index = 0; index < text.length; index++) {
      const code = text.charCodeAt(index);
      if (code >= 0x80) return false;
      this.#bytes[begin + index] = code;
    }
    this.#begin = begin;
    return true;
  }

  /** Puts tag and length before what was written since `before`. */
  delimit(before: number, tag: number): void {
    this.varint(this.written - before);
    this.varint(tag);
  }

  /** A copy: what was written belongs to the next writer. */
  bytes(): Buffer {
    return Buffer.from(this.#bytes.subarray(this.#begin));
  }
}

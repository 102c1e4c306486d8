/** Protobuf's wire format read within bounds: every byte asked for is there, every depth allowed, or it is an error. */
import { ProtobufError } from './error.ts';

/**
 * Messages within messages. Objects have about 20; a CustomResourceDefinition has two for each level of its schema. Go's
 * own limit is its stack of 1 GB.
 */
const mostNested = 256;

const truncated = () => new ProtobufError('unexpected EOF');

const fixedLengths: Readonly<Record<number, number>> = { 1: 8, 5: 4 };

export class Reader {
  readonly #bytes: Buffer;
  #position = 0;
  #end: number;
  #depth = 0;
  /** Halves of the number read last, without a sign. */
  #low = 0;
  #high = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
    this.#end = bytes.byteLength;
  }

  /** Whether the message that is being read has more. */
  get more(): boolean {
    return this.#position < this.#end;
  }

  #number(): void {
    let low = 0;
    let high = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      if (this.#position >= this.#end) throw truncated();
      const byte = this.#bytes[this.#position++]!;
      const bits = byte & 0x7f;
      if (shift < 28) low |= bits << shift;
      else if (shift === 28) {
        low |= bits << 28;
        high = bits >>> 4;
      } else if (shift < 63) high |= bits << (shift - 32);
      else if (bits > 1) throw new ProtobufError('proto: integer overflow');
      else high |= bits << 31;
      if (byte < 0x80) {
        this.#low = low;
        this.#high = high;
        return;
      }
    }
    throw new ProtobufError('proto: integer overflow');
  }

  /** Of the values this may be, those beyond 2^53 lose their last digits, as they do in JSON. */
  int64(): number {
    this.#number();
    return this.#high * 0x1_0000_0000 + (this.#low >>> 0);
  }

  int32(): number {
    this.#number();
    return this.#low;
  }

  bool(): boolean {
    this.#number();
    return this.#low !== 0 || this.#high !== 0;
  }

  double(): number {
    const at = this.#position;
    this.#advance(8);
    return this.#bytes.readDoubleLE(at);
  }

  /** Field number and wire type. */
  tag(): { readonly number: number; readonly wire: number } {
    this.#number();
    const number = (this.#high << 29) | (this.#low >>> 3);
    const wire = this.#low & 7;
    if (this.#high >= 8 || this.#high < 0 || number <= 0)
      throw new ProtobufError(`proto: illegal tag ${number} (wire type ${wire})`);
    return { number, wire };
  }

  #advance(length: number): void {
    if (length > this.#end - this.#position) throw truncated();
    this.#position += length;
  }

  #length(): number {
    this.#number();
    if (this.#high !== 0 || this.#low < 0) throw new ProtobufError('proto: negative length found during unmarshaling');
    return this.#low;
  }

  /** A view of what follows, as long as it says. */
  bytes(): Buffer {
    const length = this.#length();
    const begin = this.#position;
    this.#advance(length);
    return this.#bytes.subarray(begin, this.#position);
  }

  text(): string {
    const length = this.#length();
    const begin = this.#position;
    this.#advance(length);
    return this.#bytes.toString('utf8', begin, this.#position);
  }

  /** What `read` makes of the bytes that follow, as many as they say. */
  within<T>(read: () => T): T {
    const length = this.#length();
    if (length > this.#end - this.#position) throw truncated();
    const outer = this.#end;
    this.#end = this.#position + length;
    this.#nest();
    const result = read();
    this.#depth -= 1;
    this.#end = outer;
    return result;
  }

  #nest(): void {
    this.#depth += 1;
    if (this.#depth > mostNested) throw new ProtobufError('proto: the message is nested too deeply');
  }

  /** Past the value of a field nobody knows. */
  skip(wire: number): void {
    if (wire === 0) this.#number();
    else if (wire === 2) this.#advance(this.#length());
    else if (wire === 3) this.#skipGroup();
    else if (fixedLengths[wire]) this.#advance(fixedLengths[wire]);
    else throw new ProtobufError(`proto: illegal wireType ${wire}`);
  }

  #skipGroup(): void {
    this.#nest();
    for (;;) {
      const { wire } = this.tag();
      if (wire === 4) break;
      this.skip(wire);
    }
    this.#depth -= 1;
  }
}

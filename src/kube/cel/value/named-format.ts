/** A named format: what a text must look like, and what is wrong with it otherwise. */
import { type CelType, celTypes } from '../types.ts';
import { type CelError, CelOpaque, type CelValue, noSuchOverload } from './value.ts';

export class NamedFormatValue extends CelOpaque {
  readonly name: string;
  /** Texts of what is wrong; none when nothing is. */
  readonly check: (text: string) => readonly string[];
  /** How long its pattern is taken to be for costs. */
  readonly patternSize: number;
  constructor(name: string, patternSize: number, check: (text: string) => readonly string[]) {
    super();
    this.name = name;
    this.patternSize = patternSize;
    this.check = check;
  }
  get type(): CelType {
    return celTypes.namedFormat;
  }
  equals(other: CelValue): boolean | CelError {
    return other instanceof NamedFormatValue ? other.name === this.name : noSuchOverload;
  }
  text(): string {
    return this.name;
  }
}

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { lineSplitter } from './watch-lines.ts';

it('gives back the lines however the bytes are cut', () => {
  const lines = fc.array(fc.string({ unit: 'grapheme' }).map((text) => `{${text.replaceAll('\n', '')}}`));
  fc.assert(
    fc.property(lines, fc.infiniteStream(fc.integer({ min: 1, max: 7 })), (expected, sizes) => {
      const bytes = new TextEncoder().encode(expected.map((line) => `${line}\n`).join(''));
      const splitter = lineSplitter();
      const seen: string[] = [];
      for (let at = 0; at < bytes.length; ) {
        const size = sizes.next().value;
        // The same memory is used for each chunk, as a stream may do.
        const chunk = bytes.slice(at, at + size);
        seen.push(...splitter.push(chunk));
        chunk.fill(0);
        at += size;
      }
      expect(seen).toEqual(expected);
      expect(splitter.clean()).toBe(true);
    }),
  );
});

it('passes over empty lines and knows when something half is left', () => {
  const splitter = lineSplitter();
  const bytes = (text: string) => new TextEncoder().encode(text);
  expect(splitter.push(bytes('\n{}\r\n\n{"half'))).toEqual(['{}\r']);
  expect(splitter.clean()).toBe(false);
});

it('refuses a line that never ends', () => {
  const splitter = lineSplitter();
  const chunk = new Uint8Array(1024 * 1024).fill(0x61);
  expect(() => {
    for (let i = 0; i < 20; i++) splitter.push(chunk);
  }).toThrow('longer than');
});

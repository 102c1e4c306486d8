/** The checksum that tells whether what was read is what was written: CRC-32, as zip files use it. */
export { crc32 } from 'node:zlib';

/** What stands before the first scan of a JPEG file: its size, and which side is up (EXIF). */
import { WeftError } from '@weft/core';

/** Size as stored, and the EXIF orientation, 1 to 8: 1 is upright. */
export interface JpegHeader {
  readonly width: number;
  readonly height: number;
  readonly orientation: number;
}

/** Throws 'corrupt' where the file ends before its size is known. */
export function jpegHeader(file: Uint8Array): JpegHeader {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  let orientation = 1;
  for (let at = 2; at + 4 <= file.length;) {
    const marker = view.getUint8(at + 1);
    if (view.getUint8(at) !== 0xff) break;
    // Fill bytes may precede a marker.
    if (marker === 0xff) {
      at++;
      continue;
    }
    const length = view.getUint16(at + 2);
    const end = at + 2 + length;
    if (length < 2 || end > file.length) break;
    if (isFrame(marker) && length >= 7) {
      return { width: view.getUint16(at + 7), height: view.getUint16(at + 5), orientation };
    }
    if (marker === 0xe1) orientation = exifOrientation(file.subarray(at + 4, end)) ?? orientation;
    at = end;
  }
  throw new WeftError('corrupt', 'it ends within the header of a JPEG');
}

/** Start of a frame of any process; C4, C8 and CC are other segments. */
function isFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
}

const orientationTag = 0x0112;

/** The tag of the first directory of TIFF structures, where there is one. */
function exifOrientation(segment: Uint8Array): number | undefined {
  const isExif = String.fromCharCode(...segment.subarray(0, 6)) === 'Exif\0\0';
  if (!isExif || segment.length < 14) return undefined;
  const view = new DataView(segment.buffer, segment.byteOffset + 6, segment.length - 6);
  const littleEndian = view.getUint16(0) === 0x4949;
  const first = view.getUint32(4, littleEndian);
  if (first + 2 > view.byteLength) return undefined;
  const count = view.getUint16(first, littleEndian);
  for (let entry = first + 2; entry < first + 2 + count * 12 && entry + 12 <= view.byteLength; entry += 12) {
    if (view.getUint16(entry, littleEndian) !== orientationTag) continue;
    const value = view.getUint16(entry + 8, littleEndian);
    return value >= 1 && value <= 8 ? value : undefined;
  }
  return undefined;
}

import { open } from 'node:fs/promises';

const readBytes = 8192;

/** The last `count` lines of a file that are not empty; none where it cannot be read. Reads 8 KiB at most. */
export async function lastLines(path: string, count: number): Promise<string[]> {
  try {
    await using file = await open(path);
    const { size } = await file.stat();
    const from = Math.max(0, size - readBytes);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(readBytes), 0, readBytes, from);
    const lines = buffer.toString('utf8', 0, bytesRead).split('\n');
    return (from > 0 ? lines.slice(1) : lines).filter((line) => line.trim() !== '').slice(-count);
  } catch {
    return [];
  }
}

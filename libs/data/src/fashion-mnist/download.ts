/** Downloads one file from the first mirror that has it, resuming what an earlier attempt left, and verifies it. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import type { FileContent } from './official-files.ts';
import type { TransferLimits } from './http-response.ts';
import { transferRest } from './transfer.ts';

/** How often one mirror is asked again after it broke off, at most, and how often in a row without getting anything new. */
const maxAttempts = 10;
const maxFruitless = 3;

/** Whether the file is there now; if not, one line for each mirror. */
export type DownloadOutcome = { readonly done: true } | { readonly done: false; readonly problems: readonly string[] };

/**
 * Brings the file that `urls` offer to `path`, which appears only when whole and verified (`path.part` until then; it stays
 * after an interruption, for the next call). Throws 'cancelled', and the errors of the file system as they are.
 */
export async function downloadFile(
  urls: readonly string[],
  path: string,
  expected: FileContent,
  limits: TransferLimits,
  onBytes: (bytes: number) => void,
): Promise<DownloadOutcome> {
  const partPath = `${path}.part`;
  const problems: string[] = [];
  for (const url of urls) {
    let problem = 'not asked';
    for (let attempt = 0, fruitless = 0; attempt < maxAttempts && fruitless < maxFruitless; attempt++) {
      const outcome = await transferRest(url, partPath, expected.bytes, limits, onBytes);
      if (outcome.kind === 'complete') {
        const actual = await sha256OfFile(partPath);
        if (actual === expected.sha256) {
          await rename(partPath, path);
          return { done: true };
        }
        await rm(partPath, { force: true });
        problem = `sent other content: expected SHA-256 ${expected.sha256}, got ${actual}`;
        break;
      }
      problem = outcome.problem;
      if (outcome.kind === 'refused') break;
      fruitless = outcome.receivedBytes > 0 ? 0 : fruitless + 1;
    }
    problems.push(`${url}: ${problem}`);
  }
  return { done: false, problems };
}

async function sha256OfFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

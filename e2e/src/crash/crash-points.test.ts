import { expect, test } from 'vitest';
import { crashPoints, describePoint, sampled } from './crash-point.ts';
import { readFileOperations } from './file-operation.ts';

const log = `
11 pwrite64(22</s/weft.sqlite-wal>, ""..., 24, 32) = 24
11 write(1</elsewhere>, ""..., 5) = 5
12 write(23</s/f.partial>, ""..., 300 <unfinished ...>
11 fsync(22</s/weft.sqlite-wal>) = 0
12 <... write resumed>) = 300
12 rename("/s/f.partial", "/s/f") = 0
11 unlink("/s/.probe-11") = 0
11 unlink("/s/gone") = -1 ENOENT (No such file or directory)
11 pwrite64(22</s/weft.sqlite-wal>, ""..., 24, 56 <unfinished ...>
12 +++ killed by SIGKILL +++
`;
const operations = readFileOperations(log, '/s');

test('a log is read as the operations that were done, in order', () => {
  expect(operations).toEqual([
    { thread: '11', call: 'pwrite64', path: 'weft.sqlite-wal', offset: 32, bytes: 24 },
    { thread: '11', call: 'fsync', path: 'weft.sqlite-wal' },
    { thread: '12', call: 'write', path: 'f.partial', bytes: 300 },
    { thread: '12', call: 'rename', path: 'f.partial' },
  ]);
});

test('points lie before each operation, torn where a write is not synced', () => {
  expect(crashPoints(operations).map(describePoint)).toEqual([
    'before pwrite64 1 of weft.sqlite-wal',
    'before fsync 1 of weft.sqlite-wal',
    'before fsync 1 of weft.sqlite-wal, the last write (weft.sqlite-wal) torn',
    'before write 1 of f.partial',
    'before rename 1 of f.partial',
    'before rename 1 of f.partial, the last write (f.partial) torn',
  ]);
});

test('a sample is spread evenly', () => {
  expect(sampled([0, 1, 2, 3, 4, 5, 6, 7, 8, 9], 5)).toEqual([1, 3, 5, 7, 9]);
  expect(sampled([1], 5)).toEqual([1]);
});

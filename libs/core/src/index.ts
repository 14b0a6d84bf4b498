export {
  assignChunks,
  chunkCountOfStep,
  chunkSizes,
  defaultChunkSize,
  examplesOfChunks,
  examplesOfStep,
  stepsPerEpoch,
  type BatchPlan,
  type ExampleRange,
} from './batch-plan.ts';
export { describeError, errorCodes, invariant, WeftError, type ErrorCode } from './error.ts';
export { idRule, isId, runId, trainerId, type RunId, type TrainerId } from './id.ts';
export { permutation } from './permutation.ts';
export { philoxBlock, PhiloxStream, streamPurposes, type StreamPurpose } from './philox.ts';
export {
  addInPlace,
  chunksOf,
  compareNodes,
  coverRange,
  rootLevel,
  TreeSum,
  type ChunkRange,
  type TreeNode,
} from './reduction-tree.ts';

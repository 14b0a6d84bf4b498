/** What the training loop reports, as messages to the coordinator. */
import type { AttachRequestSchema, CommittedStepSchema, MessageInitShape, TransferSubject } from '@weft/wire';
import { Split } from '@weft/wire';
import type { CommittedStepReport, ComputeReport } from '../compute/commands.ts';

type Body = NonNullable<MessageInitShape<typeof AttachRequestSchema>['body']>;

/** Reports that are one message each. */
export type PlainReport = Extract<
  ComputeReport,
  { kind: 'ready' | 'committed-steps' | 'standing' | 'evaluation' | 'failure' | 'leaving' }
>;

/** The message that says `report`. */
export function bodyOf(report: PlainReport): Body {
  switch (report.kind) {
    case 'ready': {
      const { runId, weightsDigest, dataSetIdentity, roundSizes, variables } = report;
      return {
        case: 'ready',
        value: {
          ...{ runId, weightsDigest, dataSetIdentity, position: BigInt(report.position) },
          ...{ layoutSize: BigInt(report.layoutSize), snapshotBytes: BigInt(report.snapshotBytes) },
          roundSizes: [...roundSizes],
          variables: variables.map(({ name, length }) => ({ name, length: BigInt(length) })),
        },
      };
    }
    case 'committed-steps': {
      const { runId, generation, steps } = report;
      return { case: 'committedSteps', value: { runId, generation: BigInt(generation), steps: steps.map(stepOf) } };
    }
    case 'standing': {
      const { runId, steps } = report;
      const [generation, position] = [BigInt(report.generation), BigInt(report.position)];
      return { case: 'standing', value: { runId, generation, position, steps: steps.map(stepOf) } };
    }
    case 'evaluation': {
      const { runId, position, weightsDigest } = report;
      const split = report.split === 'test' ? Split.TEST : Split.VALIDATION;
      const chunks = report.chunks.map(({ index, loss, correct, classes }) => ({
        index,
        lossSum: loss,
        correctCount: BigInt(correct),
        rankCounts: [...(classes?.ranks ?? [])],
        confusionCounts: [...(classes?.confusion ?? [])],
      }));
      return { case: 'evaluationPart', value: { runId, position: BigInt(position), split, chunks, weightsDigest } };
    }
    case 'failure': {
      const { runId, code, message } = report;
      return { case: 'failure', value: { runId, code, message } };
    }
    case 'leaving':
      return { case: 'leave', value: { reason: report.reason } };
  }
}

function stepOf(step: CommittedStepReport): MessageInitShape<typeof CommittedStepSchema> {
  const { position, loss, correct, gradientDigest, nonFinite } = step;
  const sums = { position: BigInt(position), lossSum: loss, correctCount: BigInt(correct), gradientDigest };
  if (nonFinite === undefined) return sums;
  return { ...sums, nonFinite: { loss: nonFinite.loss, variable: nonFinite.variable ?? '' } };
}

/** What the transfer of a partial is about. */
export function partialSubject(report: ComputeReport & { kind: 'partial' }): TransferSubject {
  const { runId, generation, position, node, loss, correct } = report;
  return {
    case: 'partial',
    value: {
      $typeName: 'weft.v1.Partial',
      runId,
      generation: BigInt(generation),
      position: BigInt(position),
      level: node.level,
      index: node.index,
      lossSum: loss,
      correctCount: BigInt(correct),
    },
  };
}

/** What the transfer of a vector for a round is about. */
export function roundPartialSubject(report: ComputeReport & { kind: 'round-partial' }): TransferSubject {
  const { runId, generation, position, round, node } = report;
  return {
    case: 'roundPartial',
    value: {
      $typeName: 'weft.v1.RoundPartial',
      runId,
      generation: BigInt(generation),
      position: BigInt(position),
      round,
      level: node.level,
      index: node.index,
    },
  };
}

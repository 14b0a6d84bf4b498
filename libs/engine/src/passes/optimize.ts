import type { Program } from '../ir/node.ts';
import { foldConstants } from './fold-constants.ts';
import { fuseBias } from './fuse-bias.ts';
import { fuseRelu } from './fuse-relu.ts';
import { shareSubexpressions } from './share-subexpressions.ts';

/** The passes that leave a traced program's meaning as it is. Dead code goes with each: only what outputs need is rebuilt. */
export function optimize(program: Program): Program {
  return fuseBias(fuseRelu(shareSubexpressions(foldConstants(program))));
}

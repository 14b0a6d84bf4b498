/**
 * Version of the contract in `proto/weft/v1` that this code speaks. A trainer says it in `Hello`; a coordinator that speaks
 * another version refuses the trainer. It grows when an old peer would misread a message, not when a field is added.
 */
export const protocolVersion = 2;

// as: libs/core/src/fixture.ts
// breaks: no-restricted-syntax
export type Later = Promise<number>;

// as: libs/core/src/fixture.ts
// breaks: no-restricted-globals
export const report = (): void => console.log('done');

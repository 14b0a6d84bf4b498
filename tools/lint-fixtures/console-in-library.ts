// as: libs/data/src/fixture.ts
// breaks: no-console
export const report = (): void => console.log('done');

// as: libs/core/src/fixture.ts
// breaks: no-restricted-syntax
export const value: unknown = await import('./id.ts');

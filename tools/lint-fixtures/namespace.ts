// as: libs/data/src/fixture.ts
// breaks: @typescript-eslint/no-namespace
export namespace Colour {
  export const red = 1;
}

// as: libs/data/src/fixture.ts
// breaks: no-restricted-syntax
export enum Colour {
  Red,
}

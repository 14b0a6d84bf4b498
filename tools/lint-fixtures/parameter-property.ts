// as: libs/data/src/fixture.ts
// breaks: no-restricted-syntax
export class Point {
  constructor(readonly x: number) {}
}

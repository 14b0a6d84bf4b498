// as: libs/core/src/fixture.ts
// breaks: no-restricted-syntax
export async function later() {
  return 1;
}

// as: libs/data/src/fixture.ts
// breaks: no-restricted-syntax
const value = 1;
export default value;

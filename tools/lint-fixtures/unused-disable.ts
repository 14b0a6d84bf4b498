// as: libs/data/src/fixture.ts
// breaks: unused disable directive
// eslint-disable-next-line eqeqeq -- nothing here needs it
export const value = 1;

// The rules of this repository as lint errors; tools/lint-fixtures holds one file per ban that must fail.
// What a tag means is decided here: package.json files only carry the tags.
import { globSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname } from 'node:path';
import eslint from '@eslint/js';
import nx from '@nx/eslint-plugin';
import prettier from 'eslint-config-prettier';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

const root = import.meta.dirname;
const libraries = [
  'core',
  'options',
  'data',
  'nn-models',
  'wire',
  'telemetry',
  'engine',
  'process',
  'training',
  'store',
  'tuning',
  'studies',
  'images',
  'report',
].map((name) => `scope:${name}`);

/** Folders of the packages tagged `purity:pure`, so that a new pure package is covered by its tag alone. */
const pureFolders = globSync('libs/*/package.json', { cwd: root })
  .filter((path) => JSON.parse(readFileSync(`${root}/${path}`, 'utf8')).nx?.tags?.includes('purity:pure'))
  .map(dirname);

/** Tag of a package -> tags that it may depend on; a tag without an entry may depend on nothing. */
const arrows = {
  'scope:core': [],
  'scope:options': ['scope:core'],
  'scope:data': ['scope:core'],
  'scope:nn-models': ['scope:core'],
  'scope:wire': ['scope:core'],
  'scope:telemetry': ['scope:core'],
  'scope:engine': ['scope:core', 'scope:nn-models'],
  'scope:store': ['scope:core', 'scope:wire'],
  'scope:training': ['scope:core', 'scope:data', 'scope:engine', 'scope:nn-models', 'scope:wire'],
  'scope:process': ['scope:core', 'scope:options', 'scope:telemetry', 'scope:wire'],
  'scope:sim': ['scope:core'],
  'scope:tuning': ['scope:core'],
  'scope:studies': ['scope:core', 'scope:tuning', 'scope:wire'],
  'scope:images': ['scope:core'],
  'scope:report': ['scope:core', 'scope:studies', 'scope:tuning'],
  'scope:service': libraries,
  // Simulations put the services together in one process.
  'scope:e2e': [...libraries, 'scope:sim', 'scope:service'],
  // The harness that starts processes and takes them away again.
  'scope:benchmarks': [...libraries, 'scope:e2e'],
  'scope:tools': [],
  'purity:pure': ['purity:pure'],
};

const everywhere = [
  { selector: 'ExportDefaultDeclaration', message: 'Named exports only.' },
  { selector: 'TSEnumDeclaration', message: 'No enums: use a union of literals.' },
  { selector: 'TSParameterProperty', message: 'No parameter properties: declare the field.' },
];
const environment = [
  {
    selector: 'MemberExpression[object.name="process"][property.name="env"]',
    message: 'process.env is read in main.ts only; pass settings as values.',
  },
  {
    selector: 'VariableDeclarator[init.name="process"] > ObjectPattern > Property[key.name="env"]',
    message: 'process.env is read in main.ts only; pass settings as values.',
  },
];
const asynchrony = [
  { selector: ':function[async=true]', message: 'A pure package has no async: return effects as data.' },
  { selector: 'AwaitExpression', message: 'A pure package has no async: return effects as data.' },
  { selector: 'ForOfStatement[await=true]', message: 'A pure package has no async: return effects as data.' },
  {
    selector: 'TSTypeReference[typeName.name="Promise"]',
    message: 'A pure package has no async: return effects as data.',
  },
  { selector: 'ImportExpression', message: 'A pure package loads nothing at run time.' },
];

const barrel = { regex: '(^|/)index\\.ts$', message: 'Inside a package import the file, never the barrel.' };
const environmentModule = {
  regex: '^(node:)?process$',
  importNames: ['env'],
  message: 'process.env is read in main.ts only; pass settings as values.',
};
const platformModules = {
  regex: `^(node:.*|(${builtinModules.filter((name) => !name.startsWith('_')).join('|')}))$`,
  message: 'A pure package does no input or output: time and randomness come in as values.',
};
const platformGlobals = [
  ...['Date', 'performance', 'setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask'],
  ...['Promise', 'fetch', 'crypto', 'console', 'process', 'globalThis'],
].map((name) => ({ name, message: 'A pure package sees no clock, no platform randomness, no input or output.' }));

export default defineConfig(
  {
    ignores: [
      ...['**/dist/**', '**/node_modules/**', '.nx/**', '.weft/**', '**/coverage/**', 'shared/**', 'data/**'],
      ...['libs/wire/src/gen/**', 'libs/engine/assembly/**', 'tools/lint-fixtures/**'],
    ],
  },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  eslint.configs.recommended,
  tseslint.configs.strictTypeChecked,
  tseslint.configs.stylisticTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: root } },
    plugins: { '@nx': nx },
    rules: {
      eqeqeq: 'error',
      'max-lines': ['error', { max: 400 }],
      'no-console': 'error',
      'no-restricted-syntax': ['error', ...everywhere, ...environment],
      'no-restricted-imports': ['error', { patterns: [barrel, environmentModule] }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-unnecessary-condition': [
        'error',
        { allowConstantLoopConditions: 'only-allowed-literals' },
      ],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      // TF.js hands out its tensors and variables by interface.
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      // Brackets mark a name that the type does not know.
      '@typescript-eslint/dot-notation': ['error', { allowIndexSignaturePropertyAccess: true }],
      // An exported constant may be wider than its literal, and isolatedDeclarations wants the type written.
      '@typescript-eslint/no-inferrable-types': 'off',
      // Its remedy is the `!` that these rules ban.
      '@typescript-eslint/non-nullable-type-assertion-style': 'off',
      // Indexed loops over typed arrays are the plain form in numeric code.
      '@typescript-eslint/prefer-for-of': 'off',
      '@nx/enforce-module-boundaries': [
        'error',
        {
          enforceBuildableLibDependency: false,
          depConstraints: Object.entries(arrows).map(([sourceTag, targets]) => ({
            sourceTag,
            onlyDependOnLibsWithTags: targets,
          })),
        },
      ],
    },
  },
  {
    name: 'weft/pure-packages',
    files: pureFolders.map((folder) => `${folder}/src/**/*.ts`),
    ignores: ['**/*.test.ts', '**/*.fixture.ts'],
    rules: {
      'no-restricted-syntax': ['error', ...everywhere, ...environment, ...asynchrony],
      'no-restricted-imports': ['error', { patterns: [barrel, platformModules] }],
      'no-console': 'off', // Banned with the other globals below.
      'no-restricted-globals': ['error', ...platformGlobals],
      'no-restricted-properties': [
        'error',
        { object: 'Math', property: 'random', message: 'Randomness is a value: draw from a Philox stream.' },
      ],
    },
  },
  {
    name: 'weft/numeric-kernels',
    files: ['libs/engine/src/{kernels,optimizers,masks,numeric-reference}/**/*.ts'],
    rules: { '@typescript-eslint/no-non-null-assertion': 'off' },
  },
  {
    name: 'weft/process-edge',
    files: ['**/main.ts', 'e2e/**/*.ts'],
    rules: {
      'no-restricted-syntax': ['error', ...everywhere],
      'no-restricted-imports': ['error', { patterns: [barrel] }],
    },
  },
  {
    name: 'weft/benchmarks',
    files: ['benchmarks/src/**/*.ts'],
    rules: { 'no-console': 'off' },
  },
  {
    name: 'weft/configuration-files',
    files: ['**/*.mjs', 'vitest.config.ts'],
    extends: [tseslint.configs.disableTypeChecked],
    rules: { 'no-restricted-syntax': 'off' },
  },
  prettier,
);

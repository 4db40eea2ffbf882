import stylistic from '@stylistic/eslint-plugin';
import tseslint from 'typescript-eslint';

// Decisions must give the same answer for the same values: no clock, chance, environment or I/O.
const pureFiles = ['**/*.decide.ts', '**/fold.ts', '**/evolve.ts', 'libs/scripts/src/**/*.ts'];

// Whose columns and states they are says libs/steps.
const jobTables = ['TemplateElement[value.raw', 'Literal[value'].map((node) => (
  { selector: `${node}=/\\b(FROM|JOIN|UPDATE|INTO|USING|TRUNCATE)\\s+(\\w+\\.)?(job|closed_customer)\\b/i]`, message: 'Ask the job library: its tables are no one else\'s.' }));

const typed = ['**/*.{ts,mts}'];
const untyped = ['**/*.{mjs,cjs}'];

// Of the blocks named "own" each rule has a planted violation: test/architecture/lint-rules.test.ts.
export default tseslint.config(
  { ignores: ['dist/', 'node_modules/', '.data/', '.cache/', 'examples/dns-step/'] },
  { files: [...typed, ...untyped], ...stylistic.configs.customize({ indent: 2, quotes: 'single', semi: true, braceStyle: '1tbs', arrowParens: true }) },
  { files: typed, extends: tseslint.configs.recommendedTypeChecked, languageOptions: { parserOptions: { project: './tsconfig.json', tsconfigRootDir: import.meta.dirname } } },
  // The rules that need no types; these files get their types checked by tsconfig.scripts.json.
  { files: untyped, extends: tseslint.configs.recommended },
  {
    name: 'own/all',
    files: [...typed, ...untyped],
    rules: {
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      'no-restricted-exports': ['error', { restrictDefaultExports: { direct: true, named: true, defaultFrom: true } }],
      'no-console': 'error',
      'max-len': ['error', { code: 160, ignoreUrls: true, ignoreStrings: true, ignoreTemplateLiterals: true, ignoreRegExpLiterals: true }],
      '@stylistic/max-statements-per-line': 'off',
      '@stylistic/operator-linebreak': ['error', 'before', { overrides: { '=': 'after' } }],
    },
  },
  {
    name: 'own/typed',
    files: typed,
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/consistent-type-definitions': ['error', 'interface'],
      '@typescript-eslint/only-throw-error': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/unbound-method': 'off',
      'no-restricted-imports': ['error', { patterns: [{ group: ['**/libs/*', '**/libs/**', '@trunkline/*/*'], message: 'Import a library by its name: @trunkline/<name>.' }] }],
    },
  },
  {
    name: 'own/apps',
    files: ['apps/**/*.ts'],
    ignores: ['**/*.test.ts', '**/*.testing.ts'],
    rules: {
      'no-restricted-syntax': ['error', ...jobTables],
    },
  },
  {
    name: 'own/pure',
    files: pureFiles,
    ignores: ['**/*.test.ts', '**/*.testing.ts'],
    rules: {
      'no-restricted-globals': ['error', 'process', 'setTimeout', 'setInterval', 'setImmediate', 'crypto', 'fetch', 'performance'],
      'no-restricted-properties': ['error', { object: 'Date', property: 'now' }, { object: 'Math', property: 'random' }],
      'no-restricted-syntax': ['error', { selector: 'NewExpression[callee.name="Date"][arguments.length=0]', message: 'Take the time as a parameter.' }, ...jobTables],
    },
  },
  // The one place outside of the job library that reads its tables: adr/0034.
  { files: ['apps/sbc-agent/src/persistence/scaling-view.migration.ts'], rules: { 'no-restricted-syntax': 'off' } },
  { files: ['**/*.test.ts', 'libs/testing/**'], rules: { '@typescript-eslint/no-non-null-assertion': 'off', '@typescript-eslint/no-unsafe-assignment': 'off', '@typescript-eslint/no-unsafe-member-access': 'off' } },
  { files: ['**/*.cjs'], rules: { '@typescript-eslint/no-require-imports': 'off' } },
  { files: ['*.config.{ts,mjs}'], rules: { 'no-restricted-exports': 'off' } },
);

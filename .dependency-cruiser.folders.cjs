// Circles between folders, in a run of its own: a test may import from any folder, and a folder rule can't leave files out.
const { forbidden, options } = require('./.dependency-cruiser.cjs');

const { pathNot: test } = forbidden.find(({ name }) => name === 'no-cycles')?.from ?? {};

module.exports = {
  forbidden: [
    {
      name: 'no-folder-cycles', comment: 'Imports between the folders of an app or a library go one way.', severity: 'error', scope: 'folder',
      from: {},
      to: { circular: true },
    },
  ],
  options: { ...options, exclude: { path: [options.exclude.path, test] } },
};

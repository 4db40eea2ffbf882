// Prints an inventory with the example scripts added: `node examples/scripts/add-to-inventory.mjs inventory.json`.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const pairs = JSON.parse(readFileSync(join(import.meta.dirname, 'pairs.json'), 'utf8'));
const [file] = process.argv.slice(2);
if (file === undefined) {
  process.stderr.write('Name the inventory file that the examples are added to.\n');
  process.exit(64);
}
const inventory = JSON.parse(readFileSync(file, 'utf8'));
const added = pairs.flatMap(({ description, folder, id, variables }) => {
  const [name, text] = [`example-${folder.slice(3)}`, (part) => readFileSync(join(import.meta.dirname, folder, `${part}.txt`), 'utf8')];
  return [
    { id, name, scriptType: 1, description, script: text('onboarding'), customerVariables: variables, relatedScripts: [id * 100] },
    { id: id * 100, name: `${name}Cleanup`, scriptType: 2, description: `Removes what ${name} made`, script: text('cleanup'), customerVariables: [], relatedScripts: [id] },
  ];
});
const ids = new Set(added.map(({ id }) => id));
const kept = inventory.scriptTemplates.filter(({ id }) => !ids.has(id));
process.stdout.write(`${JSON.stringify({ ...inventory, scriptTemplates: [...kept, ...added] }, undefined, 2)}\n`);

// Which piece of the code a marker marks, and the code without it. Pure but for the reading of the files.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

const folders = ['apps', 'libs', 'scripts'];
const markerForm = /\/\* safeguard: ([a-z0-9]+(?:-[a-z0-9]+)*) \*\//g;

/** Names of the markers in a text, in order of appearance. */
export const markersIn = (text) => [...text.matchAll(markerForm)].map(([, name]) => name);

/** The files of the product that hold markers, by paths from the root. */
export function markedFiles(root) {
  return folders.flatMap((folder) => readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.m?[jt]s$/.test(entry.name) && !entry.name.endsWith('.test.ts'))
    .map(({ name, parentPath }) => join(parentPath, name).slice(root.length + 1)))
    .map((file) => ({ file, text: readFileSync(join(root, file), 'utf8') }))
    .filter(({ text }) => text.includes('safeguard:'));
}

/** Where the list and the code do not fit: each entry needs exactly one marker, each marker an entry. */
export function mismatchesOf(safeguards, files) {
  const places = files.flatMap(({ file, text }) => markersIn(text).map((name) => ({ name, file })));
  const filesOf = (name) => places.filter((place) => place.name === name).map(({ file }) => file);
  const names = safeguards.map(({ name }) => name);
  return [
    ...names.filter((name, index) => names.indexOf(name) !== index).map((name) => `the list has two safeguards named ${name}`),
    ...[...new Set(names)].filter((name) => filesOf(name).length !== 1).map((name) => `${name} is marked ${filesOf(name).length} times: ${filesOf(name).join(', ')}`),
    ...places.filter(({ name }) => !names.includes(name)).map(({ name, file }) => `${name} in ${file} is not on the list`),
  ];
}

/**
 * Start and end of the marked piece: the largest statement or expression that begins right after the marker; inside a string or a template the rest
 * of the line.
 * @throws Error when the marker does not stand in the text exactly once, or nothing begins after it
 */
export function pieceOf(text, name) {
  const [marker, ...others] = [...text.matchAll(markerForm)].filter(([, each]) => each === name);
  if (!marker || others.length > 0) throw new Error(`${name} is marked ${others.length + (marker ? 1 : 0)} times`);
  const from = marker.index + marker[0].length;
  const source = ts.createSourceFile('marked.ts', text, ts.ScriptTarget.Latest, true);
  const isTrivia = (start) => /^(?:\s|\/\*[^]*?\*\/|\/\/.*)*$/.test(text.slice(from, start));
  /** @type {{ literal?: import('typescript').Node, piece?: [number, number] }} */
  const found = {};
  const visit = (node) => {
    if (node.end <= marker.index) return;
    const start = node.getStart(source);
    if (start < marker.index && isText(node)) found.literal = literalOf(node);
    if (!found.piece && start >= from && !ts.isTemplateSpan(node) && isTrivia(start)) found.piece = [start, node.end];
    if (!found.piece) ts.forEachChild(node, visit);
  };
  ts.forEachChild(source, visit);
  if (found.literal) {
    const [line] = text.slice(from, found.literal.end - 1).split('\n');
    found.piece = [from + line.search(/\S|$/), from + line.length];
  }
  if (!found.piece || found.piece[0] === found.piece[1]) throw new Error(`nothing begins after the marker of ${name}`);
  return found.piece;
}

/** The text with the marked piece replaced. @throws Error when the list does not fit the text */
export function withoutSafeguard(text, { name, replace }) {
  const [start, end] = pieceOf(text, name);
  const piece = text.slice(start, end);
  const replacement = typeof replace === 'function' ? replace(piece) : replace;
  if (replacement === piece) throw new Error(`${name}: the replacement changes nothing`);
  return `${text.slice(0, start)}${replacement}${text.slice(end)}`;
}

/** Whether a text is read as TypeScript without an error. */
export function isParsed(text) {
  // Not among what the types of TypeScript show.
  const { parseDiagnostics } = /** @type {any} */ (ts.createSourceFile('changed.ts', text, ts.ScriptTarget.Latest));
  return parseDiagnostics.length === 0;
}

const isText = (node) => (
  ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node));

function literalOf(text) {
  if (ts.isTemplateHead(text)) return text.parent;
  return ts.isTemplateMiddleOrTemplateTail(text) ? text.parent.parent : text;
}

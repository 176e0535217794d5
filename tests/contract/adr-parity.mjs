// Holds our own rule set against the official one of the NLGov API Design Rules 2.2, fault by fault.
//
//   node adr-parity.mjs
//
// LEERLOOPBAAN_SHARED: a folder with data/adr/linter-2.2.yaml; without it only ours is tried.

import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { document } from './sample/document.mjs';
import { wrongDocuments } from './sample/faults.mjs';
import { findings, ruleset, served } from './spectral.mjs';

const shared = process.env.LEERLOOPBAAN_SHARED;
const official = shared ? path.join(shared, 'data/adr/linter-2.2.yaml') : null;
const isOurOwn = (found) => found.code.startsWith('leerloopbaan-');
const told = (found) => `${found.severity} ${found.pointer}`;
const inOrder = (list) => list.map(told).sort().join('\n      ');
const complaints = [];

function compare(name, ours, theirs) {
  if (inOrder(ours) === inOrder(theirs)) return;
  complaints.push(`${name}: ours\n      ${inOrder(ours)}\n    theirs\n      ${inOrder(theirs)}`);
}

const folder = await mkdtemp(path.join(tmpdir(), 'wrong-'));
try {
  const wrong = wrongDocuments();
  const cases = [...wrong, { name: 'good', rule: null, document: document() }];
  for (const { name, document: doc } of cases) {
    await writeFile(path.join(folder, `${name}.json`), JSON.stringify(doc, null, 2));
  }
  const files = cases.map(({ name }) => path.join(folder, `${name}.json`));
  const hasServed = existsSync(served);
  if (hasServed) files.push(served);

  const ours = await findings(ruleset, files);
  const theirs = official ? await findings(official, files) : null;
  const of = (list, name) => list.filter((found) => found.file === `${name}.json`);

  const tried = new Set(wrong.map(({ rule }) => rule));
  for (const [, rule] of (await readFile(ruleset, 'utf8')).matchAll(/^ {2}([a-z][A-Za-z\d-]+):/gm)) {
    if (!tried.has(rule)) complaints.push(`${rule}: no fault tries it`);
  }
  for (const { name, rule } of cases) {
    const found = of(ours, name);
    if (rule && !found.some((one) => one.code === rule)) complaints.push(`${name}: ${rule} did not find it`);
    if (!rule && found.length) complaints.push(`${name}: ours\n      ${inOrder(found)}`);
    if (theirs) compare(name, found.filter((one) => !isOurOwn(one)), of(theirs, name));
  }
  if (hasServed) {
    for (const one of [...of(ours, 'openapi'), ...of(theirs ?? [], 'openapi')]) {
      complaints.push(`openapi.json: ${one.code} ${told(one)} ${one.message}`);
    }
  }
  const adr = wrong.filter(({ rule }) => !rule.startsWith('leerloopbaan-')).length;
  console.log(`${wrong.length} faults (${adr} of the ADR, ${wrong.length - adr} of our own)`);
  console.log(theirs ? `official rule set: ${theirs.length} findings compared` : 'official rule set: not at hand, ours alone tried');
  console.log(hasServed ? 'openapi.json: compared too' : 'openapi.json: not there yet');
} finally {
  await rm(folder, { recursive: true });
}

for (const complaint of complaints) console.log(`  ${complaint}`);
console.log(complaints.length ? `${complaints.length} complaints` : 'no complaints');
process.exitCode = complaints.length ? 1 : 0;

// Runs Spectral over documents with a rule set and tells what it finds, per document.

import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));
export const root = path.resolve(here, '../..');
export const ruleset = path.join(root, 'openapi/ruleset.yaml');
export const served = path.join(root, 'openapi/openapi.json');
export const bin = (name) => path.join(here, 'node_modules/.bin', name);

const severities = ['error', 'warn', 'info', 'hint'];

/** Runs a program to its end, whatever its exit code. */
export function run(program, args, options = {}) {
  return new Promise((resolve, reject) => {
    execFile(program, args, { maxBuffer: 1 << 28, ...options }, (error, stdout, stderr) => {
      if (error && typeof error.code !== 'number') reject(error);
      else resolve({ code: error ? error.code : 0, stdout, stderr });
    });
  });
}

/** Findings as {file, code, severity, pointer, message}; throws when Spectral itself fails. */
export async function findings(rules, files) {
  const folder = await mkdtemp(path.join(tmpdir(), 'spectral-'));
  try {
    const output = path.join(folder, 'findings.json');
    const args = ['lint', '-q', '-f', 'json', '-o', output, '-F', 'hint', '-r', rules, ...files];
    const { code, stdout, stderr } = await run(bin('spectral'), args);
    if (code > 1) throw new Error(`spectral failed (${code}) with ${rules}\n${stdout}${stderr}`);
    return JSON.parse(await readFile(output, 'utf8')).map((found) => ({
      file: path.basename(found.source),
      code: found.code,
      severity: severities[found.severity],
      pointer: found.path.map((key) => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`).join(''),
      message: found.message,
    }));
  } finally {
    await rm(folder, { recursive: true });
  }
}

// Lints an OpenAPI document: our rule set (the ADR's and our own) and Redocly's strict recommendation.
//
//   node lint.mjs [document]        default: openapi/openapi.json
//
// Every finding is printed with its place; any finding at all makes the exit code 1.

import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { bin, findings, ruleset, run, served } from './spectral.mjs';

const config = fileURLToPath(new URL('redocly.yaml', import.meta.url));

async function redocly(file) {
  const args = ['lint', '--format', 'json', '--max-problems', '10000', '--config', config, file];
  const env = { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' };
  const { stdout, stderr } = await run(bin('redocly'), args, { env });
  try {
    return JSON.parse(stdout).problems.map((problem) => ({
      code: problem.ruleId,
      severity: problem.severity,
      pointer: problem.location[0]?.pointer ?? '',
      message: problem.message.replace(/\s+/g, ' ').trim(),
    }));
  } catch (error) {
    throw new Error(`redocly gave no report: ${stdout}${stderr}`, { cause: error });
  }
}

/** The same fault in many places is told once, with its places below. */
function print(linter, found) {
  console.log(`${linter}: ${found.length} findings`);
  for (const [kindOf, places] of [...group(found)].sort(([, a], [, b]) => b.length - a.length)) {
    console.log(`  ${places.length} x ${kindOf}`);
    for (const { pointer, message } of places) console.log(`      ${pointer || '/'}  ${message}`);
  }
}

function kind({ severity, code }) {
  return `${severity} ${code}`;
}

function group(found) {
  const kinds = new Map();
  for (const one of found) kinds.set(kind(one), [...(kinds.get(kind(one)) ?? []), one]);
  return kinds;
}

const file = path.resolve(process.argv[2] ?? served);
const [spectral, strict] = await Promise.all([findings(ruleset, [file]), redocly(file)]);
print('Spectral, openapi/ruleset.yaml', spectral);
print('Redocly, recommended-strict', strict);
process.exitCode = spectral.length + strict.length ? 1 : 0;

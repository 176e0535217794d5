// Generates types from the document, compiles a front end's program against them, and runs it.
//
//   node client/client.mjs [document]        default: openapi/openapi.json
//
// BASE_URL: a live server in demo mode, /v1 included; without it the program is compiled only.

import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import openapiTS, { astToString } from 'openapi-typescript';
import { bin, run, served } from '../spectral.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));
const generated = path.join(here, 'generated');
const file = path.resolve(process.argv[2] ?? served);

await mkdir(generated, { recursive: true });
const types = astToString(await openapiTS(pathToFileURL(file)));
await writeFile(path.join(generated, 'api.d.ts'), types);
console.log(`types: ${types.split('\n').length} lines`);

const compiled = await run(bin('tsc'), ['--project', here]);
process.stdout.write(compiled.stdout);
console.log(compiled.code === 0 ? 'program: compiles' : 'program: does not compile');
process.exitCode = compiled.code;

if (compiled.code === 0 && process.env.BASE_URL) {
  await import(pathToFileURL(path.join(generated, 'run.js')));
} else if (compiled.code === 0) {
  console.log('server: no BASE_URL, not run');
}

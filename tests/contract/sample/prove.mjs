// Proves that each counterpart passes what is right and fails what is wrong, on the small sample.
//
//   node sample/prove.mjs
//
// No service is needed: the sample document and the sample server stand in for it.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { run } from '../spectral.mjs';
import { document } from './document.mjs';

const contract = fileURLToPath(new URL('..', import.meta.url));
const folder = await mkdtemp(path.join(tmpdir(), 'prove-'));
const results = [];

/** Starts a program that prints one JSON line when ready; it stops when we close its input. */
async function start(script, ...args) {
  const child = spawn(process.execPath, [path.join(contract, script), ...args], { stdio: ['pipe', 'pipe', 'ignore'] });
  const [line] = await once(createInterface({ input: child.stdout }), 'line');
  const stop = async () => {
    child.stdin.end();
    await once(child, 'exit');
  };
  return { ...JSON.parse(line), stop };
}

async function expect(says, isRight, program, args, env = {}) {
  const { code, stdout, stderr } = await run(program, args, { cwd: contract, env: { ...process.env, ...env } });
  const isProven = (code === 0) === isRight;
  results.push(isProven);
  console.log(`${isProven ? 'ok  ' : 'FAIL'} ${says}`);
  if (!isProven) console.log(stdout + stderr);
}

async function write(name, spoil) {
  const doc = document();
  spoil(doc);
  const file = path.join(folder, name);
  await writeFile(file, JSON.stringify(doc, null, 2));
  return file;
}

async function proveDocumentChecks(good) {
  await expect('a good document lints clean', true, process.execPath, ['lint.mjs', good]);
  const unlicensed = await write('unlicensed.json', (doc) => { delete doc.info.license; });
  await expect('Redocly alone finds a missing licence', false, process.execPath, ['lint.mjs', unlicensed]);
  const untagged = await write('untagged.json', (doc) => { doc.paths['/me'].get.tags.push('students'); });
  await expect('our rules alone find a second tag', false, process.execPath, ['lint.mjs', untagged]);

  await expect('a client compiles against a good document', true, process.execPath, ['client/client.mjs', good]);
  const optional = await write('optional.json', (doc) => { doc.components.schemas.Enrolment.required.pop(); });
  await expect('an optional property of an answer stops the client', false, process.execPath, ['client/client.mjs', optional]);
  const loose = await write('loose.json', (doc) => {
    delete doc.components.schemas.EnrolmentDecision.discriminator;
    delete doc.components.schemas.Confirm.properties.decision.const;
  });
  await expect('a decision without a name of its own stops the client', false, process.execPath, ['client/client.mjs', loose]);
}

async function proveServerChecks(good) {
  const server = await start('sample/server.mjs');
  const env = { BASE_URL: server.baseUrl, CASES: '60', PERSONAS: 'coach' };
  await expect('a client runs against a good server', true, process.execPath, ['client/client.mjs', good], env);
  await expect('generated requests find nothing in a good server', true, 'python3', ['schemathesis.py', good], env);
  if (existsSync(process.env.CHROMIUM ?? '/usr/bin/chromium')) {
    const page = (fault) => ({ DOCS_URL: `${server.docsUrl}${fault}` });
    await expect('a page that lists all passes', true, process.execPath, ['docs-page.mjs', good], page(''));
    await expect('a page that asks elsewhere fails', false, process.execPath, ['docs-page.mjs', good], page('?fault=leak'));
    await expect('a field without a label fails', false, process.execPath, ['docs-page.mjs', good], page('?fault=unnamed'));
  }
  await server.stop();
  for (const fault of ['crash', 'shape', 'header', 'lenient', 'open']) {
    const wrong = await start('sample/server.mjs', `--fault=${fault}`);
    const at = { ...env, BASE_URL: wrong.baseUrl };
    await expect(`generated requests find the fault "${fault}"`, false, 'python3', ['schemathesis.py', good], at);
    await wrong.stop();
  }
}

async function proveProvider() {
  const provider = await start('oidc/provider.mjs', '--lifetime=60');
  const post = (order) => fetch(`${provider.control}${order}`, { method: 'POST' });
  const keySet = () => fetch(`${provider.issuer}/jwks`);
  const kidOf = async (algorithm) => {
    const args = ['oidc/token.mjs', `--issuer=${provider.issuer}`, '--client=noor', `--algorithm=${algorithm}`];
    const { stdout } = await run(process.execPath, args, { cwd: contract });
    const [head, body] = stdout.split('.').map((part) => Buffer.from(part, 'base64url').toString());
    const [header, claims] = [JSON.parse(head), JSON.parse(body)];
    check(`a token is signed with ${algorithm}`, header.alg === algorithm && header.typ === 'at+jwt');
    check('it names its subject', claims.sub === 'noor' && claims.aud === 'leerloopbaan' && claims.iss === provider.issuer);
    check('it lives as long as was asked', claims.exp - claims.iat === 60);
    return header.kid;
  };
  for (const algorithm of ['RS256', 'PS256', 'EdDSA']) await kidOf(algorithm);
  const before = await kidOf('ES256');
  await post('/rotate');
  const after = await kidOf('ES256');
  const kids = async () => (await (await keySet()).json()).keys.map(({ kid }) => kid);
  check('a rotation signs with another key', before !== after);
  check('the old key stays for a while', (await kids()).includes(before));
  await post('/drop-old');
  check('and then goes', !(await kids()).includes(before) && (await kids()).includes(after));
  await post('/stop-jwks');
  check('the key set can fail', (await keySet()).status === 500);
  const { hits } = await (await fetch(`${provider.control}/jwks-hits`)).json();
  check('each request for the key set is counted', hits === 4);
  await provider.stop();
}

function check(says, isProven) {
  results.push(isProven);
  console.log(`${isProven ? 'ok  ' : 'FAIL'} ${says}`);
}

try {
  const good = await write('good.json', () => {});
  await proveDocumentChecks(good);
  await proveProvider();
  await proveServerChecks(good);
} finally {
  await rm(folder, { recursive: true });
}
const failed = results.filter((isProven) => !isProven).length;
console.log(`${results.length - failed} passed, ${failed} failed`);
process.exitCode = failed ? 1 : 0;

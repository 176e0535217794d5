// Reads the documentation page in a real browser: it must list the operations, stay at home, and be accessible.
//
//   DOCS_URL=http://127.0.0.1:8080/docs node docs-page.mjs [document]
//
// CHROMIUM: the browser, default /usr/bin/chromium. Without a browser the check says so and passes, but with
// CI=true it fails. SCREENSHOT: a file to keep a picture in.
//
// Serious findings of axe-core inside Swagger UI's own markup (.swagger-ui) are told apart and do not fail.

import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { chromium } from 'playwright-core';
import { served } from './spectral.mjs';

const url = process.env.DOCS_URL;
if (!url) throw new Error('DOCS_URL is needed, such as http://127.0.0.1:8080/docs');
const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
const complaints = [];

if (!existsSync(executablePath)) {
  console.log(`no browser at ${executablePath}: the documentation page is not checked`);
  process.exit(process.env.CI === 'true' ? 1 : 0);
}

const document = JSON.parse(await readFile(path.resolve(process.argv[2] ?? served), 'utf8'));
const methods = new Set(['get', 'put', 'post', 'patch', 'delete']);
const operations = Object.values(document.paths)
  .flatMap((item) => Object.keys(item))
  .filter((name) => methods.has(name)).length;

const isAtHome = (address) => {
  const { protocol, hostname } = new URL(address);
  return ['data:', 'blob:', 'about:'].includes(protocol) || ['127.0.0.1', 'localhost', '[::1]'].includes(hostname);
};

const browser = await chromium.launch({
  executablePath,
  args: [
    '--headless', '--no-sandbox', '--disable-gpu', '--no-first-run',
    '--disable-background-networking', '--disable-component-update', '--disable-sync',
    '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost, EXCLUDE [::1]',
  ],
});
try {
  // axe-core is put into the page by us, so the page's own content policy must let it.
  const context = await browser.newContext({ bypassCSP: true, locale: 'nl-NL' });
  const page = await context.newPage();
  const sentAway = [];
  await context.route(() => true, (route) => {
    const address = route.request().url();
    if (isAtHome(address)) return route.continue();
    sentAway.push(address);
    return route.abort();
  });
  page.on('pageerror', (error) => complaints.push(`script error: ${error.message}`));

  const response = await page.goto(url, { waitUntil: 'networkidle' });
  if (!response.ok()) complaints.push(`${url} answers ${response.status()}`);
  await page.waitForSelector('.opblock, .opblock-tag', { timeout: 20000 }).catch(() => {});
  const closed = page.locator('.opblock-tag[data-is-open="false"]');
  while (await closed.count()) await closed.first().click();
  await page.waitForSelector('.opblock', { timeout: 5000 }).catch(() => complaints.push('no operation is listed'));
  const listed = await page.locator('.opblock').count();
  console.log(`operations: ${listed} listed, ${operations} in the document`);
  if (listed < operations) complaints.push(`${operations - listed} operations are not listed`);

  const { ours, theirs } = await accessibility(page);
  console.log(`accessibility: ${ours.length} serious findings of ours, ${theirs.length} of Swagger UI`);
  for (const one of theirs) console.log(`  of Swagger UI: ${one}`);
  complaints.push(...ours.map((one) => `not accessible: ${one}`));

  console.log(`requests to elsewhere: ${sentAway.length}`);
  complaints.push(...sentAway.map((address) => `asked for ${address}`));
  if (process.env.SCREENSHOT) await page.screenshot({ path: process.env.SCREENSHOT });
} finally {
  await browser.close();
}

for (const complaint of complaints) console.log(`  ${complaint}`);
process.exitCode = complaints.length ? 1 : 0;

/** Serious and critical violations, each told once per rule and owner, with an example of where. */
async function accessibility(page) {
  await page.addScriptTag({ path: createRequire(import.meta.url).resolve('axe-core/axe.min.js') });
  const found = await page.evaluate(async () => {
    const { violations } = await globalThis.axe.run();
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .flatMap(({ id, help, nodes }) => nodes.map(({ target }) => ({ id, help, target: target.flat().join(' ') })))
      .map((one) => ({ ...one, isTheirs: Boolean(globalThis.document.querySelector(one.target)?.closest('.swagger-ui')) }));
  });
  const tell = (list) => {
    const rules = new Map();
    for (const { id, help, target } of list) {
      const known = rules.get(id) ?? { help, target, count: 0 };
      rules.set(id, { ...known, count: known.count + 1 });
    }
    return [...rules].map(([id, { help, target, count }]) => `${id} (${count}): ${help}, as at ${target}`);
  };
  return { ours: tell(found.filter(({ isTheirs }) => !isTheirs)), theirs: tell(found.filter(({ isTheirs }) => isTheirs)) };
}

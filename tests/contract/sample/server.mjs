// A small server that obeys the sample document, to try the counterparts on.
//
//   node sample/server.mjs [--port=0] [--fault=crash|shape|header|lenient|open]
//
// Prints one JSON line {"baseUrl", "docsUrl"} when ready and stops when standard input closes.

import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { document } from './document.mjs';

const argument = (name) => process.argv.find((word) => word.startsWith(`--${name}=`))?.split('=')[1];
const fault = argument('fault');
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const student = { id: '7b0c2f1e-5f0b-4d4e-9b1a-2f5f0c3d1a01', givenName: 'Noor', familyName: 'de Wit' };

const enrolment = {
  id: '7b0c2f1e-5f0b-4d4e-9b1a-2f5f0c3d1a02',
  state: 'provisional',
  version: 1,
  startDate: '2026-08-24',
  changedAt: '2026-08-24T08:00:00Z',
  motivation: null,
  openDecisions: ['stateMotivation', 'confirm'],
};

class Refusal extends Error {
  constructor(status, code, headers = {}) {
    super(code);
    Object.assign(this, { status, code, headers });
  }
}

const decisions = {
  stateMotivation: ({ motivation, ...rest }) =>
    typeof motivation === 'string' && [...motivation].length > 0 && [...motivation].length <= 4000 && empty(rest),
  confirm: (facts) => empty(facts),
};

const empty = (object) => Object.keys(object).length === 0;
const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);

async function body(request) {
  const parts = [];
  for await (const part of request) parts.push(part);
  if (!/^application\/json\b/.test(request.headers['content-type'] ?? '')) throw new Refusal(400, 'sample.not-json');
  try {
    const value = JSON.parse(Buffer.concat(parts).toString('utf8'));
    if (isObject(value)) return value;
  } catch {
    throw new Refusal(400, 'sample.unreadable');
  }
  throw new Refusal(400, 'sample.not-an-object');
}

function page(url, item) {
  const limit = url.searchParams.getAll('limit');
  const cursor = url.searchParams.getAll('cursor');
  const valid = limit.every((word) => /^\+?\d+$/.test(word) && Number(word) >= 1 && Number(word) <= 200);
  if (fault !== 'lenient' && (!valid || limit.length > 1 || cursor.length > 1)) throw new Refusal(400, 'sample.limit');
  if (cursor.some((word) => [...word].length > 512)) throw new Refusal(400, 'sample.cursor');
  return { items: [item], nextCursor: null };
}

function theEnrolment(id) {
  if (!uuid.test(id)) throw new Refusal(400, 'sample.id');
  if (id.toLowerCase() !== enrolment.id) throw new Refusal(404, 'sample.unknown');
  return fault === 'shape' ? { ...enrolment, version: 'one' } : enrolment;
}

const me = () => ({
  person: student,
  roles: [{ role: 'coach', from: '2026-08-01' }],
  enrolment: null,
  scopes: [],
  language: 'nl',
});

const routes = [
  ['POST', /^\/dev\/tokens$/, async (request) => {
    const { persona, ...rest } = await body(request);
    if (!['coach', 'student'].includes(persona) || !empty(rest)) throw new Refusal(400, 'sample.persona');
    return { accessToken: `sample-${persona}` };
  }],
  ['GET', /^\/openapi\.json$/, () => document()],
  ['GET', /^\/me$/, () => me()],
  ['GET', /^\/students$/, (_, url) => page(url, student)],
  ['GET', /^\/enrolments$/, (_, url) => page(url, enrolment)],
  ['GET', /^\/enrolments\/([^/]+)$/, (_, __, id) => theEnrolment(id)],
  ['POST', /^\/enrolments\/([^/]+)\/decisions$/, async (request, _, id) => {
    const { decision, ...facts } = await body(request);
    if (fault === 'crash') throw new Error('planted');
    if (!Object.hasOwn(decisions, decision) || !decisions[decision](facts)) throw new Refusal(400, 'sample.decision');
    return theEnrolment(id);
  }],
];

async function answer(request, url) {
  const at = url.pathname.replace(/^\/v1/, '');
  const here = routes.filter(([, pattern]) => pattern.test(at));
  if (here.length === 0) throw new Refusal(404, 'sample.no-such-path');
  const route = here.find(([method]) => method === request.method);
  if (!route) throw new Refusal(405, 'sample.method', { Allow: here.map(([method]) => method).join(', ') });
  const isOpen = at === '/dev/tokens' || at === '/openapi.json' || fault === 'open';
  if (!isOpen && !/^Bearer sample-(coach|student)$/.test(request.headers.authorization ?? '')) {
    throw new Refusal(401, 'sample.token', { 'WWW-Authenticate': 'Bearer' });
  }
  return route[2](request, url, decodeURIComponent(route[1].exec(at)[1] ?? ''));
}

function send(response, status, type, value, headers = {}) {
  const always = { 'Content-Type': type, 'API-Version': '1.0.0', 'X-Request-Id': randomUUID() };
  if (fault === 'header') delete always['X-Request-Id'];
  response.writeHead(status, { ...always, ...headers }).end(typeof value === 'string' ? value : JSON.stringify(value));
}

const docs = (extra) => `<!doctype html><html lang="nl"><head><title>Docs</title></head><body><main><h1>Docs</h1>
<p id="n"></p>${extra}</main><script type="module">const doc = await (await fetch('/v1/openapi.json')).json();
for (const [path, item] of Object.entries(doc.paths)) for (const method of Object.keys(item))
document.querySelector('main').insertAdjacentHTML('beforeend', '<p class="opblock">' + method + ' ' + path + '</p>');
</script></body></html>`;

const server = createServer(async (request, response) => {
  const url = new URL(request.url, 'http://127.0.0.1');
  try {
    if (url.pathname === '/docs') {
      const leak = '<img alt="" src="https://cdn.voorbeeld.nl/x.png">';
      const unnamed = '<input type="text">';
      return send(response, 200, 'text/html; charset=utf-8', docs({ leak, unnamed }[url.searchParams.get('fault')] ?? ''));
    }
    return send(response, 200, 'application/json', await answer(request, url));
  } catch (error) {
    const status = error.status ?? (error instanceof URIError ? 400 : 500);
    const problem = { type: 'about:blank', title: 'Refused', status, detail: 'See the code.', code: error.code ?? 'sample.fault' };
    return send(response, status, 'application/problem+json', problem, error.headers);
  }
});

server.listen(Number(argument('port') ?? 0), '127.0.0.1', () => {
  const origin = `http://127.0.0.1:${server.address().port}`;
  console.log(JSON.stringify({ baseUrl: `${origin}/v1`, docsUrl: `${origin}/docs` }));
});
process.stdin.resume().on('end', () => process.exit(0));

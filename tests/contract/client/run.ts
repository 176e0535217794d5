// A front end's first minute with a running server: who am I, whom do I guide, how does one of them stand.

import createClient from 'openapi-fetch';
import type { paths } from './generated/api.js';

declare const process: { env: Record<string, string | undefined>; exitCode?: number };

const baseUrl = process.env['BASE_URL'];
if (!baseUrl) throw new Error('BASE_URL is needed, such as http://127.0.0.1:8080/v1');

async function tokenOf(persona: string): Promise<string> {
  const response = await fetch(`${baseUrl}/dev/tokens`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ persona }),
  });
  if (!response.ok) throw new Error(`no token for ${persona}: ${response.status} ${await response.text()}`);
  const { accessToken } = (await response.json()) as { accessToken: string };
  return accessToken;
}

function must<T>(what: string, { data, error, response }: { data?: T; error?: unknown; response: Response }): T {
  if (data === undefined) throw new Error(`${what}: ${response.status} ${JSON.stringify(error)}`);
  for (const header of ['API-Version', 'X-Request-Id']) {
    if (!response.headers.get(header)) throw new Error(`${what}: no ${header}`);
  }
  return data;
}

const headers = { Authorization: `Bearer ${await tokenOf('coach')}` };
const client = createClient<paths>({ baseUrl, headers });

const me = must('me', await client.GET('/me'));
if (!me.person) throw new Error('the coach is no person');
console.log(`me: ${me.person.givenName} ${me.person.familyName}, ${me.roles.map(({ role }) => role).join(', ')}`);

const students = must('students', await client.GET('/students', { params: { query: { limit: 5 } } }));
console.log(`students: ${students.items.length} on the first page, ${students.nextCursor === null ? 'no' : 'and a'} next page`);

const enrolments = must('enrolments', await client.GET('/enrolments', { params: { query: { limit: 1 } } }));
const [first] = enrolments.items;
if (!first) throw new Error('the coach has no enrolment to read');
const enrolment = must('enrolment', await client.GET('/enrolments/{id}', { params: { path: { id: first.id } } }));
console.log(`enrolment: ${enrolment.state}, open decisions: ${enrolment.openDecisions.join(', ') || 'none'}`);

const { response } = await createClient<paths>({ baseUrl }).GET('/me');
if (response.status !== 401) throw new Error(`without a token /me answers ${response.status}, not 401`);

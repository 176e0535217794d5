// Deliberate faults: each spoils the good sample in one way and names the rule that must find it.

import { document } from './document.mjs';

const get = (doc, path) => doc.paths[path].get;
const schemas = (doc) => doc.components.schemas;
const enrolment = (doc) => schemas(doc).Enrolment.properties;

/** Moves a path, its parameters included. */
function movePath(doc, from, to) {
  doc.paths[to] = doc.paths[from];
  delete doc.paths[from];
}

function addEnrolmentProperty(doc, name, schema) {
  enrolment(doc)[name] = schema;
}

/** [what is wrong, the rule of ours that finds it, how the good sample is spoiled] */
const faults = [
  // The document
  ['no-openapi', 'adr-openapi-3', (doc) => { delete doc.openapi; }],
  ['openapi-2', 'adr-openapi-3', (doc) => { doc.openapi = '2.0.0'; }],
  ['unknown-keyword', 'oas3-schema', (doc) => { get(doc, '/me').colour = 'red'; }],
  ['servers-empty', 'oas3-api-servers', (doc) => { doc.servers = []; }],
  ['server-variable-unknown', 'oas3-server-variables', (doc) => { doc.servers[0].url = 'https://{school}.nl/v1'; }],
  ['media-example-wrong', 'oas3-valid-media-example', (doc) => {
    doc.paths['/dev/tokens'].post.requestBody.content['application/json'].example = { persona: 3 };
  }],
  ['schema-example-wrong', 'oas3-valid-schema-example', (doc) => { enrolment(doc).version.example = 'one'; }],
  ['tags-twice', 'openapi-tags-uniqueness', (doc) => { doc.tags.push({ ...doc.tags[0] }); }],
  ['operation-id-twice', 'operation-operationId-unique', (doc) => { get(doc, '/me').operationId = 'listStudents'; }],
  ['path-parameter-undefined', 'path-params', (doc) => { delete get(doc, '/enrolments/{id}').parameters; }],
  // About the interface
  ['contact-missing', 'adr-contact', (doc) => { delete doc.info.contact; }],
  ['contact-without-url', 'adr-contact', (doc) => { delete doc.info.contact.url; }],
  ['contact-bare', 'adr-contact', (doc) => { doc.info.contact = { name: 'The college' }; }],
  ['version-two-numbers', 'adr-semantic-version', (doc) => { doc.info.version = '1.0'; }],
  ['version-leading-zero', 'adr-semantic-version', (doc) => { doc.info.version = '1.02.0'; }],
  ['version-label-underscore', 'adr-semantic-version', (doc) => { doc.info.version = '1.0.0-rc_1'; }],
  ['server-without-version', 'adr-major-version-in-server', (doc) => { doc.servers[0].url = 'https://voorbeeld.nl'; }],
  ['server-http', 'adr-https', (doc) => { doc.servers[0].url = 'http://voorbeeld.nl/v1'; }],
  ['path-server-http', 'adr-https', (doc) => {
    doc.paths['/me'].servers = [{ url: 'http://voorbeeld.nl/v1', description: 'Elsewhere' }];
  }],
  // Names
  ['path-trailing-slash', 'path-keys-no-trailing-slash', (doc) => movePath(doc, '/me', '/me/')],
  ['path-camel-case', 'adr-path-kebab-case', (doc) => movePath(doc, '/students', '/myStudents')],
  ['path-snake-case', 'adr-path-kebab-case', (doc) => movePath(doc, '/students', '/my_students')],
  ['path-dot-in-first-segment', 'adr-path-kebab-case', (doc) => movePath(doc, '/students', '/students.csv')],
  ['query-key-kebab-case', 'adr-query-key-camel-case', (doc) => {
    get(doc, '/students').parameters.push({ name: 'team-id', in: 'query', description: 'Team.', schema: { type: 'string', maxLength: 9 } });
  }],
  ['key-scheme-snake-case', 'adr-query-key-camel-case', (doc) => {
    doc.components.securitySchemes.key = { type: 'apiKey', in: 'query', name: 'api_key', description: 'A key.' };
  }],
  ['schema-camel-case', 'adr-schema-pascal-case', (doc) => {
    schemas(doc).widePerson = schemas(doc).Person;
  }],
  ['links-snake-case', 'adr-links-camel-case', (doc) => {
    addEnrolmentProperty(doc, '_links', { type: 'object', my_key: 1 });
  }],
  ['method-head-for-summary', 'adr-http-methods', (doc) => {
    movePath(doc, '/me', '/summary');
    doc.paths['/summary'].head = { ...doc.paths['/summary'].get, operationId: 'headSummary' };
  }],
  // Answers
  ['headers-missing', 'adr-version-header', (doc) => { delete get(doc, '/me').responses[200].headers; }],
  ['version-header-missing', 'adr-version-header', (doc) => { delete get(doc, '/me').responses[200].headers['API-Version']; }],
  ['redirect-without-headers', 'adr-version-header', (doc) => { get(doc, '/me').responses[303] = { description: 'Elsewhere.' }; }],
  ['error-as-json', 'adr-problem-content', (doc) => {
    const response = doc.components.responses.Problem401;
    response.content = { 'application/json': response.content['application/problem+json'] };
  }],
  ['error-without-content-type', 'adr-problem-content', (doc) => { doc.components.responses.Problem404.content = {}; }],
  ['problem-without-detail', 'adr-problem-members', (doc) => {
    delete schemas(doc).Problem.properties.detail;
    schemas(doc).Problem.required = ['type', 'title', 'status', 'code'];
  }],
  ['problem-bare', 'adr-problem-members', (doc) => {
    schemas(doc).Problem = { type: 'object', properties: { code: { type: 'string', maxLength: 9 } } };
  }],
  ['get-with-parameters-without-400', 'adr-invalid-input', (doc) => { delete get(doc, '/enrolments/{id}').responses[400]; }],
  ['post-without-400', 'adr-invalid-input', (doc) => { delete doc.paths['/dev/tokens'].post.responses[400]; }],
  ['example-key-with-put', 'adr-invalid-input', (doc) => {
    get(doc, '/me').responses[299] = {
      ...get(doc, '/me').responses[200],
      content: { 'application/json': { schema: { type: 'object' }, example: { output: 'text' } } },
    };
  }],
  // Dates and times
  ['moment-without-zone', 'adr-time-zone', (doc) => { enrolment(doc).changedAt.format = 'date-time-local'; }],
  ['time-of-day-with-zone', 'adr-time-zone', (doc) => { enrolment(doc).changedAt.format = 'time'; }],
  ['day-without-format', 'adr-date-format', (doc) => { enrolment(doc).startDate = { type: 'string', maxLength: 10 }; }],
  ['datum-without-format', 'adr-date-format', (doc) => addEnrolmentProperty(doc, 'datum', { type: 'string', maxLength: 10 })],
  ['day-by-reference-without-format', 'adr-date-format', (doc) => {
    schemas(doc).Day = { type: 'string', maxLength: 10 };
    addEnrolmentProperty(doc, 'endDate', { allOf: [{ $ref: '#/components/schemas/Day' }] });
  }],
  ['day-as-moment', 'adr-date-without-time', (doc) => { enrolment(doc).startDate.format = 'date-time'; }],
  ['day-within-day-as-moment', 'adr-date-without-time', (doc) => addEnrolmentProperty(doc, 'endDate', {
    format: 'date', allOf: [{ type: 'string', format: 'date-time' }],
  })],
  // Our own
  ['operation-id-pascal-case', 'leerloopbaan-operation-id', (doc) => { get(doc, '/me').operationId = 'GetMe'; }],
  ['operation-id-missing', 'leerloopbaan-operation-id', (doc) => { delete get(doc, '/me').operationId; }],
  ['tags-none', 'leerloopbaan-one-tag', (doc) => { get(doc, '/me').tags = []; }],
  ['tags-two', 'leerloopbaan-one-tag', (doc) => { get(doc, '/me').tags = ['identity', 'students']; }],
  ['summary-missing', 'leerloopbaan-told-in-words', (doc) => { delete get(doc, '/me').summary; }],
  ['description-missing', 'leerloopbaan-told-in-words', (doc) => { delete get(doc, '/me').description; }],
  ['list-without-limit', 'leerloopbaan-list-pages', (doc) => { get(doc, '/students').parameters.shift(); }],
  ['list-without-cursor', 'leerloopbaan-list-pages', (doc) => {
    get(doc, '/students').operationId = 'searchStudents';
    get(doc, '/students').parameters.pop();
  }],
  ['request-id-missing', 'leerloopbaan-headers', (doc) => { delete get(doc, '/me').responses[200].headers['X-Request-Id']; }],
  ['refusal-without-body', 'leerloopbaan-problem', (doc) => { delete doc.components.responses.Problem409.content; }],
  ['refusal-in-two-forms', 'leerloopbaan-problem', (doc) => {
    doc.components.responses.Problem409.content['text/plain'] = { schema: schemas(doc).Problem };
  }],
  ['string-unbounded', 'leerloopbaan-bounded', (doc) => { delete schemas(doc).Token.properties.accessToken.maxLength; }],
  ['nullable-string-unbounded', 'leerloopbaan-bounded', (doc) => { delete enrolment(doc).motivation.maxLength; }],
  ['array-unbounded', 'leerloopbaan-bounded', (doc) => { delete schemas(doc).Me.properties.roles.maxItems; }],
  ['property-snake-case', 'leerloopbaan-property-camel-case', (doc) => addEnrolmentProperty(doc, 'end_reason', { type: 'string', maxLength: 9 })],
];

export function wrongDocuments() {
  return faults.map(([name, rule, spoil]) => {
    const doc = document();
    spoil(doc);
    return { name, rule, document: doc };
  });
}

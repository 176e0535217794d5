// A small document that obeys every rule: the counterparts are tried on it, and the faults are made from it.

const headers = () => ({
  'API-Version': { $ref: '#/components/headers/ApiVersion' },
  'X-Request-Id': { $ref: '#/components/headers/RequestId' },
});

const answer = (description, schema) => ({
  description,
  headers: headers(),
  content: { 'application/json': { schema: { $ref: `#/components/schemas/${schema}` } } },
});

const problem = (description) => ({
  description,
  headers: headers(),
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
});

const refusals = (...names) =>
  Object.fromEntries(names.map((status) => [status, { $ref: `#/components/responses/Problem${status}` }]));

const idInPath = { $ref: '#/components/parameters/Id' };
const text = (maxLength, extra = {}) => ({ type: 'string', maxLength, ...extra });
const uuid = (extra = {}) => ({ type: 'string', format: 'uuid', ...extra });

/** An object whose every property is always there. */
const closed = (properties) => ({
  type: 'object',
  properties,
  required: Object.keys(properties),
  additionalProperties: false,
});

const list = (item) =>
  closed({
    items: { type: 'array', maxItems: 200, items: { $ref: `#/components/schemas/${item}` } },
    nextCursor: { type: ['string', 'null'], maxLength: 512 },
  });

const decision = (name, facts) => closed({ decision: { type: 'string', const: name }, ...facts });

const listOperation = (operationId, tag, summary, schema) => ({
  operationId,
  tags: [tag],
  summary,
  description: `${summary}, only those within the reach of the caller.`,
  parameters: [{ $ref: '#/components/parameters/Limit' }, { $ref: '#/components/parameters/Cursor' }],
  responses: { 200: answer('One page.', schema), ...refusals(400, 401) },
});

function paths() {
  return {
    '/dev/tokens': {
      post: {
        operationId: 'issueToken',
        tags: ['identity'],
        summary: 'Issue a token for a demo persona',
        description: 'Only the built-in issuer of a demo college does this.',
        security: [],
        requestBody: {
          required: true,
          content: { 'application/json': { schema: { $ref: '#/components/schemas/TokenRequest' } } },
        },
        responses: { 200: answer('A token.', 'Token'), ...refusals(400) },
      },
    },
    '/me': {
      get: {
        operationId: 'getMe',
        tags: ['identity'],
        summary: 'Tell who I am',
        description: 'The caller and the roles the caller holds.',
        responses: { 200: answer('The caller.', 'Me'), ...refusals(401) },
      },
    },
    '/students': { get: listOperation('listStudents', 'students', 'List students', 'StudentList') },
    '/enrolments': { get: listOperation('listEnrolments', 'enrolments', 'List enrolments', 'EnrolmentList') },
    '/enrolments/{id}': {
      get: {
        operationId: 'getEnrolment',
        tags: ['enrolments'],
        summary: 'Read one enrolment',
        description: 'An enrolment with the decisions that are open to the caller.',
        parameters: [idInPath],
        responses: { 200: answer('The enrolment.', 'Enrolment'), ...refusals(400, 401, 404) },
      },
    },
    '/enrolments/{id}/decisions': {
      post: {
        operationId: 'decideEnrolment',
        tags: ['enrolments'],
        summary: 'Take a decision about an enrolment',
        description: 'Changes the state of an enrolment and answers it as it then is.',
        parameters: [idInPath],
        requestBody: {
          required: true,
          content: { 'application/json': { schema: { $ref: '#/components/schemas/EnrolmentDecision' } } },
        },
        responses: { 200: answer('The enrolment.', 'Enrolment'), ...refusals(400, 401, 404, 409) },
      },
    },
  };
}

function schemas() {
  return {
    TokenRequest: closed({ persona: { type: 'string', enum: ['coach', 'student'] } }),
    Token: closed({ accessToken: text(4096) }),
    Person: closed({ id: uuid(), givenName: text(100), familyName: text(100) }),
    Role: closed({ role: text(40), from: { type: 'string', format: 'date' } }),
    Me: closed({
      person: { $ref: '#/components/schemas/Person' },
      roles: { type: 'array', maxItems: 50, items: { $ref: '#/components/schemas/Role' } },
      enrolment: { oneOf: [{ type: 'null' }, { $ref: '#/components/schemas/Enrolment' }] },
      scopes: { type: 'array', maxItems: 50, items: text(60) },
      language: { type: 'string', enum: ['nl', 'en'] },
    }),
    StudentList: list('Person'),
    EnrolmentList: list('Enrolment'),
    Enrolment: closed({
      id: uuid(),
      state: text(40, { examples: ['provisional'] }),
      version: { type: 'integer', minimum: 1 },
      startDate: { type: 'string', format: 'date' },
      changedAt: { type: 'string', format: 'date-time' },
      motivation: { type: ['string', 'null'], maxLength: 4000 },
      openDecisions: { type: 'array', maxItems: 20, items: text(40) },
    }),
    StateMotivation: decision('stateMotivation', { motivation: text(4000, { minLength: 1 }) }),
    Confirm: decision('confirm', {}),
    EnrolmentDecision: {
      oneOf: [{ $ref: '#/components/schemas/StateMotivation' }, { $ref: '#/components/schemas/Confirm' }],
      discriminator: {
        propertyName: 'decision',
        mapping: { stateMotivation: '#/components/schemas/StateMotivation', confirm: '#/components/schemas/Confirm' },
      },
    },
    Problem: {
      type: 'object',
      properties: {
        type: { type: 'string', format: 'uri-reference' },
        title: text(200),
        status: { type: 'integer', minimum: 400, maximum: 599 },
        detail: text(1000),
        code: text(100),
      },
      required: ['type', 'title', 'status', 'detail', 'code'],
    },
  };
}

const queryParameter = (name, description, schema) => ({ name, in: 'query', description, schema });

export function document() {
  return {
    openapi: '3.1.0',
    info: {
      title: 'A small college',
      version: '1.0.0',
      description: 'A sample that the contract checks are tried on.',
      license: { name: 'MIT', identifier: 'MIT' },
      contact: { name: 'The college', email: 'college@voorbeeld.nl', url: 'https://voorbeeld.nl/contact' },
    },
    servers: [{ url: 'https://voorbeeld.nl/v1', description: 'The college' }],
    security: [{ bearer: [] }],
    tags: ['identity', 'students', 'enrolments'].map((name) => ({ name, description: `About ${name}.` })),
    paths: paths(),
    components: {
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: 'A token.' } },
      headers: {
        ApiVersion: { description: 'Version of the interface.', required: true, schema: text(20) },
        RequestId: { description: 'Names this request in the log.', required: true, schema: text(64) },
      },
      parameters: {
        Id: { name: 'id', in: 'path', required: true, description: 'The id.', schema: uuid() },
        Limit: queryParameter('limit', 'How many at most.', { type: 'integer', minimum: 1, maximum: 200, default: 50 }),
        Cursor: queryParameter('cursor', 'Where the page before ended.', text(512)),
      },
      responses: {
        Problem400: problem('The request is not valid.'),
        Problem401: problem('There is no valid token.'),
        Problem404: problem('There is no such thing.'),
        Problem409: problem('The state does not allow it.'),
      },
      schemas: schemas(),
    },
  };
}

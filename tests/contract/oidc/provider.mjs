// A real OpenID provider on loopback that issues access tokens for Leerloopbaan, and can rotate its keys.
//
//   node oidc/provider.mjs [--port=0] [--control-port=0] [--audience=leerloopbaan] [--lifetime=600] [--scopes=a,b]
//
// When ready it prints one JSON line: {"issuer", "port", "control", "controlPort"}. It stops when standard
// input closes, so that it never outlives the test that started it.
//
// Tokens: POST {issuer}/token with grant_type=client_credentials, any client id and the secret "secret"; the
// client id becomes `sub`. The algorithm is chosen by resource=urn:leerloopbaan:ES256 (or RS256, PS256,
// EdDSA); ES256 without.
//
// Control, each answering {"kids": {"current", "old"}, "hits", "lifetime"}:
//   POST /rotate          new keys, used from now on; the old ones stay in the key set
//   POST /drop-old        the old keys leave the key set
//   POST /stop-jwks       the key set answers 500        POST /start-jwks    and works again
//   POST /lifetime/{s}    seconds that tokens live from now on
//   POST /reset-hits      counts from zero               GET /jwks-hits      requests for the key set so far

import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { parseArgs } from 'node:util';
import { errors, Provider } from 'oidc-provider';

const { values: options } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    'control-port': { type: 'string', default: '0' },
    audience: { type: 'string', default: 'leerloopbaan' },
    lifetime: { type: 'string', default: '600' },
    scopes: { type: 'string', default: '' },
  },
});
const scopes = options.scopes.split(',').filter(Boolean);
const resource = (algorithm) => `urn:leerloopbaan:${algorithm}`;
const algorithms = new Map(['ES256', 'RS256', 'PS256', 'EdDSA'].map((name) => [resource(name), name]));

// Standard output carries the one line that the test waits for.
console.info = console.warn;

function newKeys() {
  const key = (kind, parameters) => ({
    ...generateKeyPairSync(kind, parameters).privateKey.export({ format: 'jwk' }),
    kid: randomUUID(),
    use: 'sig',
  });
  return [key('ec', { namedCurve: 'P-256' }), key('rsa', { modulusLength: 2048 }), key('ed25519', {})];
}

const keyTypes = { ES256: 'EC', RS256: 'RSA', PS256: 'RSA', EdDSA: 'OKP' };
const state = { current: newKeys(), old: [], jwksWorks: true, hits: 0, lifetime: Number(options.lifetime) };

/** Every client exists: a test chooses its subjects by name. */
class Clients {
  constructor(model) {
    this.model = model;
    this.kept = new Map();
  }

  async find(id) {
    if (this.model !== 'Client') return this.kept.get(id);
    return {
      client_id: id,
      client_secret: 'secret',
      grant_types: ['client_credentials'],
      redirect_uris: [],
      response_types: [],
      token_endpoint_auth_method: 'client_secret_post',
      ...(scopes.length && { scope: scopes.join(' ') }),
    };
  }

  async upsert(id, payload) {
    this.kept.set(id, payload);
  }

  async destroy(id) {
    this.kept.delete(id);
  }

  async consume() {}

  async revokeByGrantId() {}
}

/** What the token for one resource looks like. */
function resourceServer(_, indicator) {
  const alg = algorithms.get(indicator);
  if (!alg) throw new errors.InvalidTarget(`one of ${[...algorithms.keys()].join(', ')}`);
  const { kid } = state.current.find(({ kty }) => kty === keyTypes[alg]);
  return {
    scope: scopes.join(' '),
    audience: options.audience,
    accessTokenFormat: 'jwt',
    jwt: { sign: { alg, kid } },
  };
}

// The provider reads its keys once, so a rotation makes a new one behind the same address.
function newProvider(issuer) {
  const provider = new Provider(issuer, {
    adapter: Clients,
    jwks: { keys: [...state.current, ...state.old] },
    scopes,
    ttl: { ClientCredentials: () => state.lifetime },
    features: {
      clientCredentials: { enabled: true },
      devInteractions: { enabled: false },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => resource('ES256'),
        getResourceServerInfo: resourceServer,
      },
    },
  });
  provider.on('server_error', (_, error) => console.error(error));
  return provider.callback();
}

let provide;
const server = createServer((request, response) => {
  if (new URL(request.url, 'http://loopback').pathname === '/jwks') {
    state.hits += 1;
    if (!state.jwksWorks) {
      response.writeHead(500, { 'Content-Type': 'text/plain' }).end('stopped by the test');
      return;
    }
  }
  provide(request, response);
});

const port = await listen(server, options.port);
const issuer = `http://127.0.0.1:${port}`;
provide = newProvider(issuer);

const orders = {
  'POST /rotate': () => {
    state.old = [...state.current, ...state.old];
    state.current = newKeys();
    provide = newProvider(issuer);
  },
  'POST /drop-old': () => {
    state.old = [];
    provide = newProvider(issuer);
  },
  'POST /stop-jwks': () => {
    state.jwksWorks = false;
  },
  'POST /start-jwks': () => {
    state.jwksWorks = true;
  },
  'POST /reset-hits': () => {
    state.hits = 0;
  },
  'GET /jwks-hits': () => {},
};

const control = createServer((request, response) => {
  const named = `${request.method} ${request.url}`;
  const lifetime = /^POST \/lifetime\/(\d+)$/.exec(named)?.[1];
  const known = Object.hasOwn(orders, named);
  if (lifetime) state.lifetime = Number(lifetime);
  if (known) orders[named]();
  const kids = { current: state.current.map(({ kid }) => kid), old: state.old.map(({ kid }) => kid) };
  response
    .writeHead(known || lifetime ? 200 : 404, { 'Content-Type': 'application/json' })
    .end(JSON.stringify({ kids, hits: state.hits, lifetime: state.lifetime }));
});

const controlPort = await listen(control, options['control-port']);
console.log(JSON.stringify({ issuer, port, control: `http://127.0.0.1:${controlPort}`, controlPort }));
process.stdin.resume().on('end', () => process.exit(0));

function listen(one, wanted) {
  return new Promise((resolve, reject) => {
    one.once('error', reject);
    one.listen(Number(wanted), '127.0.0.1', () => resolve(one.address().port));
  });
}

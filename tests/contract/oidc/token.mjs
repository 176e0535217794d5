// Fetches one access token, found through discovery, and prints it.
//
//   node oidc/token.mjs --issuer=http://127.0.0.1:PORT --client=SUBJECT [--algorithm=ES256] [--scope="a b"]

import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    issuer: { type: 'string' },
    client: { type: 'string' },
    algorithm: { type: 'string', default: 'ES256' },
    scope: { type: 'string' },
  },
});
if (!values.issuer || !values.client) throw new Error('--issuer and --client are needed');

const discovery = await (await fetch(`${values.issuer}/.well-known/openid-configuration`)).json();
const response = await fetch(discovery.token_endpoint, {
  method: 'POST',
  body: new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: values.client,
    client_secret: 'secret',
    resource: `urn:leerloopbaan:${values.algorithm}`,
    ...(values.scope && { scope: values.scope }),
  }),
});
const answer = await response.json();
if (!response.ok) throw new Error(`${response.status} ${answer.error}: ${answer.error_description}`);
console.log(answer.access_token);

// Reads the Dockerfile and docker-compose.yml as their own tools would, and holds them to what the service needs.
//
//   node packaging.mjs

import { readFile } from 'node:fs/promises';
import { DockerfileParser } from 'dockerfile-ast';
import { parseDocument } from 'yaml';

const root = new URL('../../', import.meta.url);
const read = (name) => readFile(new URL(name, root), 'utf8');
const complaints = [];
const must = (holds, complaint) => holds || complaints.push(complaint);

const compose = parseDocument(await read('docker-compose.yml'), { strict: true });
compose.errors.forEach((error) => complaints.push(`docker-compose.yml: ${error.message}`));
const { services, volumes } = compose.toJS();
const service = services.leerloopbaan;
must(services.postgres.image === 'postgres:17', 'PostgreSQL is 17');
must(service.ports.every((port) => port.startsWith('127.0.0.1:')), 'without TLS the service is for this machine alone');
must(Number.parseInt(service.stop_grace_period, 10) > 25, 'the service has 25 seconds to stop');
for (const [name, { volumes: mounts = [], depends_on: needs = {} }] of Object.entries(services)) {
  for (const mount of mounts) must(mount.split(':')[0] in volumes, `${name}: no volume ${mount}`);
  for (const [needed, { condition }] of Object.entries(needs)) {
    must(condition !== 'service_healthy' || services[needed]?.healthcheck, `${name}: ${needed} tells nothing of its health`);
  }
}
for (const [name, { environment }] of Object.entries(services)) {
  for (const [key, value] of Object.entries(environment)) {
    must(!/PASSWORD/.test(key) || String(value).startsWith('${'), `${name}: ${key} stands in the file`);
  }
}

const settings = [...(await read('api/src/settings.rs')).matchAll(/^ {4}\("([a-z_]+)", /gm)].map(([, name]) => name);
must(settings.length > 5, 'the list of settings was not found');
const dockerfile = DockerfileParser.parse(await read('Dockerfile'));
const instructions = dockerfile.getInstructions();
const given = (keyword) => instructions.filter((one) => one.getKeyword() === keyword).map((one) => one.getArgumentsContent() ?? '');
const variables = [...given('ENV').map((text) => text.split('=')[0]), ...Object.keys(service.environment)];
for (const variable of variables.filter((name) => name.startsWith('LEERLOOPBAAN_'))) {
  must(settings.includes(variable.slice('LEERLOOPBAAN_'.length).toLowerCase()), `${variable} is no setting`);
}
must(given('FROM').length === 2, 'what builds the program is not in the image');
must(given('USER').some((user) => /^[1-9]\d+$/.test(user)), 'the service does not run as root');
must(given('HEALTHCHECK').length === 1, 'the image tells of its health');
for (const exact of ['ENTRYPOINT', 'CMD']) {
  must(given(exact).every((text) => Array.isArray(JSON.parse(text))), `${exact} runs no shell, which would keep signals to itself`);
}
const stages = new Set(given('FROM').map((text) => text.split(/\s+AS\s+/i)[1]).filter(Boolean));
for (const [, stage] of given('COPY').flatMap((text) => [...text.matchAll(/--from=(\S+)/g)])) {
  must(stages.has(stage), `no stage ${stage}`);
}

complaints.forEach((complaint) => console.log(complaint));
console.log(`Dockerfile and docker-compose.yml: ${complaints.length} findings`);
process.exitCode = complaints.length ? 1 : 0;

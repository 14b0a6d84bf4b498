import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Health } from './gen/grpc/health/v1/health_pb.ts';
import { openClient } from './grpc-client.ts';
import { startGrpcServer } from './grpc-server.ts';
import { healthService } from './health-service.ts';
import { ServiceHealth } from './health-status.ts';
import { clientCredentials, serverCredentials, type TlsFiles } from './tls.ts';

const openssl = spawnSync('openssl', ['version']).status === 0;
let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'weft-tls-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

function run(...argv: string[]): void {
  execFileSync('openssl', argv, { cwd: folder, stdio: 'pipe' });
}

/** An authority and one certificate for localhost that it has signed; the same certificate serves both ends. */
function makeFiles(name: string): TlsFiles {
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  run(
    'req',
    '-x509',
    ...curve,
    '-days',
    '2',
    '-subj',
    `/CN=${name} authority`,
    '-keyout',
    `${name}-ca.key`,
    '-out',
    `${name}-ca.pem`,
  );
  const subject = ['-subj', `/CN=${name}`, '-addext', 'subjectAltName=DNS:localhost'];
  run('req', ...curve, ...subject, '-keyout', `${name}.key`, '-out', `${name}.csr`);
  const signed = ['-CA', `${name}-ca.pem`, '-CAkey', `${name}-ca.key`, '-copy_extensions', 'copy', '-days', '2'];
  run('x509', '-req', '-in', `${name}.csr`, ...signed, '-out', `${name}.pem`);
  return { ca: join(folder, `${name}-ca.pem`), cert: join(folder, `${name}.pem`), key: join(folder, `${name}.key`) };
}

test.skipIf(!openssl)(
  'mutual TLS (needs openssl): a known client is served, strangers and plain clients are not',
  async () => {
    const files = makeFiles('cluster');
    const stranger = makeFiles('stranger');
    const health = new ServiceHealth(['a']);
    const services = [healthService(health, () => undefined)];
    const server = await startGrpcServer({
      listen: '127.0.0.1:0',
      services,
      credentials: await serverCredentials(files),
    });
    const check = async (own: TlsFiles | undefined): Promise<unknown> => {
      const address = `localhost:${String(server.port)}`;
      const client = openClient(Health, { address, credentials: await clientCredentials(own) });
      try {
        return await client.check({ service: 'a' });
      } finally {
        client.close();
      }
    };
    try {
      expect(await check(files)).toMatchObject({ status: 2 });
      await expect(check({ ...stranger, ca: files.ca })).rejects.toMatchObject({ code: 'unavailable' });
      await expect(check({ ...files, ca: stranger.ca })).rejects.toMatchObject({ code: 'unavailable' });
      await expect(check(undefined)).rejects.toMatchObject({ code: 'unavailable' });
    } finally {
      await server.stop(0);
    }
  },
);

test('a file that is missing, or no PEM, is named', async () => {
  const junk = join(folder, 'junk.pem');
  await writeFile(junk, 'no certificate');
  const missing = join(folder, 'missing.pem');
  await expect(clientCredentials({ ca: missing, cert: junk, key: junk })).rejects.toMatchObject({
    code: 'not-found',
    message: expect.stringContaining(`TLS authority ${missing} cannot be read`) as string,
  });
  await expect(serverCredentials({ ca: junk, cert: junk, key: junk })).rejects.toMatchObject({
    code: 'invalid-argument',
    message: `TLS authority ${junk} is no PEM file: it has no "-----BEGIN" line`,
  });
});

test('a PEM file with broken content is named', async () => {
  const broken = join(folder, 'broken.pem');
  await writeFile(broken, '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n');
  const attempt = clientCredentials({ ca: broken, cert: broken, key: broken });
  await expect(attempt).rejects.toMatchObject({ code: 'invalid-argument' });
  await expect(attempt).rejects.toThrow(broken);
});

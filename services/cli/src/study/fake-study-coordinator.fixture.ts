// A coordinator process for tests, with the study service of fake-study-service.fixture.ts; remembers studies in its state directory.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { fromJson, startGrpcServer, StudySchema, toJson, type JsonValue } from '@weft/wire';
import { fakeStudyService, type FakeStudies } from './fake-study-service.fixture.ts';
import { fakeTrialRuns } from './fake-trial-runs.fixture.ts';

const text = { type: 'string' } as const;
const { values } = parseArgs({
  options: { listen: { ...text, default: '127.0.0.1:0' }, 'http-listen': text, 'state-dir': text, announce: text },
});
const directory = values['state-dir'] ?? '.';
const file = join(directory, 'studies.json');
mkdirSync(directory, { recursive: true });
const stored = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as JsonValue[]) : [];

const kept: FakeStudies = {
  studies: new Map(stored.map((json) => fromJson(StudySchema, json)).map((study) => [study.studyId, study])),
  changes: [],
  keep: () =>
    writeFileSync(file, JSON.stringify([...kept.studies.values()].map((study) => toJson(StudySchema, study)))),
};

const server = await startGrpcServer({ listen: values.listen, services: [fakeStudyService(kept), fakeTrialRuns] });
writeFileSync(join(directory, 'address'), server.address);
process.stdout.write(`${JSON.stringify({ ready: true, address: server.address, http: '' })}\n`);
process.once('SIGTERM', () => void server.stop(100).then(() => process.exit(0)));

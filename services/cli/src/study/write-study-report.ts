/**
 * Reports of studies as files: one page, and the same as Markdown, CSV and JSON. Drawing is heavy: commands import this file when they
 * need it, so that no other command pays for it.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { describeError, WeftError } from '@weft/core';
import { loadTopology, summaryOf } from '@weft/nn-models';
import {
  referenceTablesOf,
  renderStudyReport,
  type BestModel,
  type ReferenceTable,
  type ReportedModel,
  type StudyReportInput,
} from '@weft/report';
import type { ReferenceTable as PublishedTable } from '@weft/studies';
import type { Model } from '@weft/wire';
import { weftVersion } from '../version.ts';
import type { EndedStudy } from './follow-studies.ts';
import { reportedStudy } from './reported-study.ts';

/** What a report says beside the studies. */
export interface ReportFacts {
  readonly title: string;
  readonly best: BestModel | undefined;
  readonly references: readonly ReferenceTable[];
  /** What makes all of it again. */
  readonly commands: readonly string[];
  readonly remarks: readonly string[];
}

/** The published tables, each to be filled by the studies that belong to it. */
export function referencesOf(tables: readonly PublishedTable[], studies: readonly EndedStudy[]): ReferenceTable[] {
  return [...new Set(tables)].flatMap((table) => {
    const filling = studies.filter(({ study }) => study.name.startsWith(table.studies));
    return referenceTablesOf(
      table,
      filling.map(({ study }) => study.studyId),
    );
  });
}

/** Writes `NAME.html`, `.md`, `.csv` and `.json` into `directory`; their paths come back. Throws 'unavailable'. */
export async function writeStudyReport(
  studies: readonly EndedStudy[],
  facts: ReportFacts,
  directory: string,
  name: string,
): Promise<string[]> {
  const { html, markdown, csv, json } = renderStudyReport(await inputOf(studies, facts));
  const files = { html, md: markdown, csv, json };
  try {
    await mkdir(directory, { recursive: true });
    const paths = Object.entries(files).map(([ending, text]) => [join(directory, `${name}.${ending}`), text] as const);
    for (const [path, text] of paths) await writeFile(path, text);
    return paths.map(([path]) => path);
  } catch (cause) {
    throw new WeftError('unavailable', `cannot write the report to ${directory}: ${describeError(cause)}`, { cause });
  }
}

async function inputOf(studies: readonly EndedStudy[], facts: ReportFacts): Promise<StudyReportInput> {
  const dataSet = studies[0]?.definition.base?.dataSet;
  const { name = '', identity = '', trainExamples = 0, validationExamples = 0, testExamples = 0 } = dataSet ?? {};
  return {
    ...facts,
    createdAt: new Date().toISOString(),
    dataSet: {
      name,
      identity,
      synthetic: name.startsWith('synthetic'),
      trainExamples,
      validationExamples,
      testExamples,
    },
    studies: studies.map(reportedStudy),
    models: await modelsOf(studies),
    makespanSeconds: Math.max(0, ...studies.map(({ study }) => study.seconds)),
    environment: [
      ['weft', weftVersion()],
      ['node', process.version],
      ['system', `${process.platform} ${process.arch}`],
      ['processor', `${String(availableParallelism())} cores, ${cpus()[0]?.model ?? 'unknown model'}`],
      ['memory', `${(totalmem() / (1 << 30)).toFixed(1)} GiB`],
    ],
  };
}

/** Every model of the studies once, in their order. */
async function modelsOf(studies: readonly EndedStudy[]): Promise<ReportedModel[]> {
  const byName = new Map<string, Model>();
  for (const { definition } of studies) {
    const { base, models } = definition;
    const all = models.length > 0 || base?.model === undefined ? models : [base.model];
    for (const model of all) if (!byName.has(model.name)) byName.set(model.name, model);
  }
  const reported: ReportedModel[] = [];
  for (const { name, topologyJson } of byName.values()) {
    const model = await loadTopology(topologyJson, name);
    const { layers, trainableParameters, parameters } = summaryOf(model);
    reported.push({ name, layers, trainableParameters, parameters });
    model.dispose();
  }
  return reported;
}

import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import type { Container, KubernetesObject, PodSpec } from './kubernetes-object.ts';

const root = join(import.meta.dirname, '../../..');
const withoutKubectl = spawnSync('kubectl', ['version', '--client'], { stdio: 'ignore' }).status !== 0;

function render(folder: string): KubernetesObject[] {
  const { status, stdout, stderr } = spawnSync('kubectl', ['kustomize', join(root, folder)], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`kubectl kustomize ${folder} failed: ${stderr}`);
  return parseAllDocuments(stdout).map((document) => document.toJS() as KubernetesObject);
}

/** What a test needs of a folder's objects; throws where one that is asked for is absent. */
function renderedView(folder: string) {
  const objects = render(folder);
  const ofKind = (kind: string): KubernetesObject[] => objects.filter((object) => object.kind === kind);
  const named = (kind: string, name: string): KubernetesObject => {
    const found = ofKind(kind).find((object) => object.metadata.name === name);
    if (found === undefined) throw new Error(`${folder} renders no ${kind} named ${name}`);
    return found;
  };
  const pods = ofKind('StatefulSet').map((owner) => {
    if (owner.spec?.template === undefined) throw new Error(`${owner.metadata.name} has no pod template`);
    const { metadata, spec } = owner.spec.template;
    const [container] = spec.containers;
    if (container === undefined) throw new Error(`${owner.metadata.name} has no container`);
    return { owner, labels: metadata.labels, spec, container };
  });
  return { ofKind, named, pods };
}

type Labels = Readonly<Record<string, string>>;

function selectorOf({ spec }: KubernetesObject): Labels {
  const selector = spec?.selector ?? {};
  return ('matchLabels' in selector ? selector.matchLabels : selector) as Labels;
}

function selects(selector: Labels, labels: Labels): boolean {
  const wanted = Object.entries(selector);
  return wanted.length > 0 && wanted.every(([name, value]) => labels[name] === value);
}

const portNames = ({ ports }: Container): string[] => ports.map(({ name }) => name);
const volumeNames = (spec: PodSpec, owner: KubernetesObject): string[] => [
  ...(spec.volumes ?? []).map(({ name }) => name),
  ...(owner.spec?.volumeClaimTemplates ?? []).map(({ metadata }) => metadata.name),
];

describe.skipIf(withoutKubectl).each(['k8s/base', 'k8s/overlays/local'])(`%s (needs kubectl)`, (folder) => {
  const view = withoutKubectl ? undefined : renderedView(folder);
  const objects = (): NonNullable<typeof view> => {
    if (view === undefined) throw new Error('kubectl is absent');
    return view;
  };

  it('holds one coordinator and one set of trainers', () => {
    expect(objects().pods.map(({ owner, container }) => [owner.metadata.name, ...container.args])).toEqual([
      ['weft-coordinator', 'coordinator'],
      ['weft-trainer', 'trainer'],
    ]);
  });

  it('has services whose selectors find exactly one workload and whose ports it opens', () => {
    for (const service of objects().ofKind('Service')) {
      const found = objects().pods.filter(({ labels }) => selects(selectorOf(service), labels));
      expect(found, service.metadata.name).toHaveLength(1);
      const opened = found.flatMap(({ container }) => portNames(container));
      expect(opened, service.metadata.name).toEqual(
        expect.arrayContaining((service.spec?.ports ?? []).map(({ targetPort }) => targetPort)),
      );
    }
  });

  it('has workloads and budgets that select their own pods', () => {
    for (const { owner, labels } of objects().pods) expect(selects(selectorOf(owner), labels)).toBe(true);
    const budget = objects().named('PodDisruptionBudget', 'weft-trainer');
    const found = objects().pods.filter(({ labels }) => selects(selectorOf(budget), labels));
    expect(found.map(({ owner }) => owner.metadata.name)).toEqual(['weft-trainer']);
  });

  it('gives each workload the headless service that names its pods', () => {
    for (const { owner } of objects().pods) {
      const service = objects().named('Service', owner.spec?.serviceName ?? '');
      expect(service.spec?.clusterIP).toBe('None');
    }
  });

  const settings = (container: Container): Readonly<Record<string, string>> =>
    objects().named('ConfigMap', container.envFrom[0]?.configMapRef.name ?? '').data ?? {};

  it('listens where its ports and services say', () => {
    for (const { container } of objects().pods) {
      const ports = new Map(container.ports.map(({ name, containerPort }) => [name, containerPort]));
      const { WEFT_LISTEN: grpc, WEFT_HTTP_LISTEN: http } = settings(container);
      expect(http).toBe(`0.0.0.0:${String(ports.get('http'))}`);
      expect(grpc).toBe(ports.has('grpc') ? `0.0.0.0:${String(ports.get('grpc'))}` : undefined);
    }
    const trainer = objects().pods.find(({ owner }) => owner.metadata.name === 'weft-trainer');
    const address = trainer && settings(trainer.container).WEFT_COORDINATOR;
    const service = objects().named('Service', 'weft-coordinator');
    expect(address).toBe(`weft-coordinator:${String(service.spec?.ports?.[0]?.port)}`);
  });

  it('sets only what the services read', () => {
    for (const { container } of objects().pods) {
      const files = [`services/${container.name}/src/settings.ts`, 'libs/process/src/log-options.ts'];
      const source = files.map((file) => readFileSync(join(root, file), 'utf8')).join('\n');
      const set = [...Object.keys(settings(container)), ...(container.env ?? []).map(({ name }) => name)];
      const unread = set.filter((name) => name.startsWith('WEFT_') && !source.includes(`'${name}'`));
      expect(unread).toEqual([]);
    }
  });

  it('probes health and readiness on the port that serves them', () => {
    for (const { container } of objects().pods) {
      expect(container.startupProbe.httpGet).toEqual({ path: '/healthz', port: 'http' });
      expect(container.livenessProbe.httpGet).toEqual({ path: '/healthz', port: 'http' });
      expect(container.readinessProbe.httpGet).toEqual({ path: '/readyz', port: 'http' });
      expect(portNames(container)).toContain('http');
    }
  });

  it('names a trainer after its pod, and tells the others where that is', () => {
    const trainer = objects().pods.find(({ owner }) => owner.metadata.name === 'weft-trainer');
    expect(trainer?.container.env).toEqual([
      { name: 'WEFT_TRAINER_ID', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
      { name: 'POD_IP', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } },
      { name: 'WEFT_PEER_ADDRESS', value: '$(POD_IP):7073' },
    ]);
  });

  it('keeps the state of the coordinator on a claimed volume', () => {
    const { owner, container } = objects().pods.find(({ labels }) =>
      selects({ 'app.kubernetes.io/name': 'weft-coordinator' }, labels),
    ) ?? { owner: undefined, container: undefined };
    const mount = container?.volumeMounts.find(({ mountPath }) => mountPath === '/var/lib/weft');
    expect(owner?.spec?.volumeClaimTemplates?.map(({ metadata }) => metadata.name)).toContain(mount?.name);
  });

  it('mounts only volumes that exist, and runs without root or a writable root file system', () => {
    for (const { owner, spec, container } of objects().pods) {
      const mounted = container.volumeMounts.map(({ name }) => name);
      expect(volumeNames(spec, owner)).toEqual(expect.arrayContaining(mounted));
      expect(spec.automountServiceAccountToken).toBe(false);
      expect(spec.enableServiceLinks).toBe(false);
      expect(spec.terminationGracePeriodSeconds).toBeGreaterThanOrEqual(30);
      expect(spec.securityContext).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } });
      expect(container.securityContext).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      });
      expect(Object.keys(container.resources)).toEqual(['limits', 'requests']);
      expect(container.image).toMatch(/^weft:\d+\.\d+\.\d+$/);
    }
  });
});

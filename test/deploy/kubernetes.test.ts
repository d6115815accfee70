import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ts from 'typescript';
import { parseAllDocuments } from 'yaml';
import { ROOT } from '../harness/build';
import { dockerTargets, read, settingsThatExist } from './compose-file';

interface Container {
  name: string;
  image: string;
  command?: string[];
  ports?: { name: string; containerPort: number }[];
  env?: { name: string; value?: string; valueFrom?: { secretKeyRef: { name: string; key: string } } }[];
  volumeMounts?: { name: string; mountPath: string }[];
  securityContext: object;
}

interface Manifest {
  apiVersion: string;
  kind: string;
  metadata: { name?: string; namespace?: string };
  data?: Record<string, string>;
  spec?: {
    selector?: Record<string, unknown>;
    ports?: { port: number; targetPort: string }[];
    template?: {
      metadata: { labels: Record<string, string> };
      spec: { containers: [Container]; volumes?: { name: string }[]; securityContext: object };
    };
  };
}

/** Secrets of the namespace, as the page tells operators to make them. */
const SECRETS: Record<string, string[]> = {
  veche: ['service-token', 'redis-url', 'auth-database-url', 'chat-database-url'],
};

const manifests = ['veche.yaml', 'migrate.yaml'].flatMap((file) =>
  parseAllDocuments(read(`deploy/kubernetes/${file}`)).map((document) => document.toJS() as Manifest),
);
const workloads = manifests.filter(({ spec }) => spec?.template);
const containerOf = ({ spec }: Manifest): Container => {
  if (!spec?.template) throw new Error('there is no container in it');
  return spec.template.spec.containers[0];
};
const called = (name: string, kind: string): Manifest | undefined =>
  manifests.find((manifest) => manifest.kind === kind && manifest.metadata.name === name);
const settings = settingsThatExist();

// the compiler reads the types of a whole API
jest.setTimeout(120_000);

describe('the manifests for Kubernetes', () => {
  it('are what the types of its API allow, and have nothing beside', () => {
    const folder = mkdtempSync(join(tmpdir(), 'veche-manifests-'));
    try {
      const lines = [...manifests, { ...manifests[0], metadata: { nam: 'a test that cannot fail' } }].map(
        (manifest, i) =>
          `import type { I${manifest.kind} as T${i} } from 'kubernetes-models/${manifest.apiVersion}';\n` +
          // on a line of its own, which an error names
          `export const m${i} = ${JSON.stringify(manifest)} satisfies T${i};`,
      );
      const file = join(folder, 'manifests.ts');
      writeFileSync(file, lines.join('\n'));
      const program = ts.createProgram([file], {
        strict: true,
        noEmit: true,
        skipLibCheck: true,
        types: [],
        module: ts.ModuleKind.CommonJS,
        moduleResolution: ts.ModuleResolutionKind.Node10,
        ignoreDeprecations: '6.0',
        paths: { 'kubernetes-models/*': [join(ROOT, 'node_modules/kubernetes-models/*')] },
      });
      const found = ts
        .getPreEmitDiagnostics(program)
        .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
      expect(found).toEqual([expect.stringContaining('\'"nam"\' does not exist in type')]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('give each process settings that exist, and secrets that the page tells of', () => {
    for (const workload of workloads) {
      for (const { name, value, valueFrom } of containerOf(workload).env ?? []) {
        expect(settings).toContain(name);
        if (value === undefined)
          expect(SECRETS[valueFrom?.secretKeyRef.name ?? '']).toContain(valueFrom?.secretKeyRef.key);
      }
    }
    for (const name of Object.keys(called('veche', 'ConfigMap')?.data ?? {}))
      expect(settings).toContain(name);
    const page = read('docs/operate/kubernetes.md');
    for (const key of Object.values(SECRETS).flat()) expect(page).toContain(`--from-literal=${key}=`);
  });

  it('run images of the Dockerfile, and ask them at the ports that they listen to', () => {
    const targets = dockerTargets();
    for (const workload of workloads) {
      const { image, command } = containerOf(workload);
      const target = targets.get(/^veche-(\w+):/.exec(image)?.[1] ?? '');
      expect(target?.command).not.toEqual([]);
      if (command) expect(command.slice(0, 2)).toEqual(['node', 'dist/cli/veche.cjs']);
    }
    for (const name of ['auth', 'chat', 'gateway']) {
      const [port] = called(name, 'Service')?.spec?.ports ?? [];
      const deployment = called(name, 'Deployment');
      const open = containerOf(deployment!).ports?.find((p) => p.name === port?.targetPort);
      const listens = targets.get(name)?.env;
      expect((listens?.GRPC_URL ?? `:${listens?.PORT}`).split(':')[1]).toBe(String(open?.containerPort));
      const { labels } = deployment?.spec?.template?.metadata ?? { labels: {} };
      expect(labels).toMatchObject(called(name, 'Service')?.spec?.selector ?? { none: '' });
      expect(called(name, 'PodDisruptionBudget')).toBeDefined();
      expect(called(name, 'NetworkPolicy')).toBeDefined();
    }
    const urls = called('veche', 'ConfigMap')?.data;
    expect([urls?.AUTH_GRPC_URL, urls?.CHAT_GRPC_URL]).toEqual(['auth:50051', 'chat:50052']);
  });

  it('run nothing as root, with rights that it does not need, or on a disk that it can change', () => {
    for (const workload of workloads) {
      const { securityContext, volumeMounts = [] } = containerOf(workload);
      expect(securityContext).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      });
      const pod = workload.spec?.template?.spec;
      expect(pod?.securityContext).toMatchObject({ runAsNonRoot: true });
      const volumes = pod?.volumes?.map(({ name }) => name) ?? [];
      for (const { name } of volumeMounts) expect(volumes).toContain(name);
      expect(workload.metadata.namespace).toBe('veche');
    }
  });
});

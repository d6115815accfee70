import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { ROOT } from '../harness/build';

/** What of a service in docker-compose.yml the tests look at. */
export interface ComposeService {
  profiles: string[];
  build?: { target: string };
  environment?: Record<string, string>;
  command?: string[];
  volumes?: string[];
  networks?: string[];
  depends_on?: Record<string, { condition: string }>;
  healthcheck?: { test: string[] };
}

export interface ComposeFile {
  services: Record<string, ComposeService>;
  volumes: Record<string, unknown>;
  networks: Record<string, { internal?: boolean } | null>;
}

export const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8');

export const composeFile = (): ComposeFile =>
  parse(read('docker-compose.yml'), { merge: true }) as ComposeFile;

/** Another test holds `.env.example` equal to what the configuration reads. */
export const settingsThatExist = (): Set<string> =>
  new Set([...read('.env.example').matchAll(/^#? ?([A-Z][A-Z_]*)=/gm)].map(([, name]) => name ?? ''));

const INTERPOLATION = /\$\{(\w+)(?::?-([^}]*))?\}/g;

/** The variables that the file takes from `.env`, with what stands for one that is not set. */
export const interpolated = (text: string): Map<string, string> =>
  new Map([...text.matchAll(INTERPOLATION)].map(([, name, otherwise]) => [name ?? '', otherwise ?? '']));

export const interpolate = (text: string, env: Record<string, string>): string =>
  text.replace(
    INTERPOLATION,
    (_, name: string, otherwise: string | undefined) => env[name] ?? otherwise ?? '',
  );

/** What a stage of the Dockerfile runs, with what it inherits. */
export interface Target {
  env: Record<string, string>;
  command: string[];
  healthcheck: string[];
  /** What was taken out of the folders that it copies from other stages. */
  without: string[];
}

export const dockerTargets = (): Map<string, Target> => {
  const targets = new Map<string, Target>();
  let target: Target = { env: {}, command: [], healthcheck: [], without: [] };
  for (const line of read('Dockerfile').split('\n')) {
    const [, from, name] = /^FROM (\S+) AS (\S+)$/.exec(line) ?? [];
    if (name) {
      const parent = targets.get(from ?? '');
      targets.set(
        name,
        (target = {
          command: [],
          healthcheck: [],
          ...parent,
          env: { ...parent?.env },
          without: [...(parent?.without ?? [])],
        }),
      );
    }
    const [, removed] = /^RUN .*\brm -r (.*)$/.exec(line) ?? [];
    target.without.push(...(removed?.split(' ') ?? []));
    const [, stage] = /^COPY --from=(\S+)/.exec(line) ?? [];
    target.without.push(...(targets.get(stage ?? '')?.without ?? []));
    if (line.startsWith('ENV '))
      Object.assign(
        target.env,
        Object.fromEntries(
          line
            .slice(4)
            .split(' ')
            .map((pair) => pair.split('=')),
        ),
      );
    const [, instruction, words] = /^(?:(HEALTHCHECK) .*)?CMD (\[.*\])$/.exec(line) ?? [];
    if (words) target[instruction ? 'healthcheck' : 'command'] = JSON.parse(words) as string[];
  }
  return targets;
};

/** Files and folders that the Dockerfile takes from the repository. */
export const copied = (): string[] =>
  read('Dockerfile')
    .split('\n')
    .filter((line) => line.startsWith('COPY ') && !line.includes('--from'))
    .flatMap((line) => line.split(' ').slice(1, -1));

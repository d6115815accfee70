import { eventually, freePort } from '@veche/testing';
import { spawnSync } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { buildWhenStale, ROOT } from '../harness/build';
import { type Person, register } from '../harness/people';
import { ServerProcess } from '../harness/server-process';
import { Veche } from '../harness/veche';
import { composeFile, read } from './compose-file';

interface ScrapeConfig {
  job_name: string;
  dns_sd_configs?: { names: string[]; port: number }[];
  static_configs?: { targets: string[] }[];
}
interface Configuration {
  global: Record<string, string>;
  rule_files: string[];
  scrape_configs: ScrapeConfig[];
}
interface Rule {
  alert: string;
  expr: string;
  annotations: { summary: string; runbook_url: string };
}

const configuration = parse(read('deploy/prometheus/prometheus.yml')) as Configuration;
const RULES = 'deploy/prometheus/veche.rules.yml';
const rules = (parse(read(RULES)) as { groups: { rules: Rule[] }[] }).groups.flatMap((group) => group.rules);

const DASHBOARDS = 'deploy/grafana/dashboards';
const panels = readdirSync(join(ROOT, DASHBOARDS)).flatMap((file) => {
  const { panels } = JSON.parse(read(`${DASHBOARDS}/${file}`)) as {
    panels: { title: string; targets: { expr: string }[] }[];
  };
  return panels.flatMap(({ title, targets }) =>
    targets.map(({ expr }) => ({
      name: `${file}: ${title}`,
      expr: expr.replaceAll('$__rate_interval', '20s'),
    })),
  );
});

describe('the runbook', () => {
  it('has a section for each alert, and each alert leads to it', () => {
    const sections = [...read('docs/operate/runbook.md').matchAll(/^## (.+)$/gm)].map(([, title]) => title);
    expect(rules.map(({ alert }) => alert)).toEqual(sections);
    for (const { alert, annotations } of rules)
      expect(annotations.runbook_url).toBe(`docs/operate/runbook.md#${alert.toLowerCase()}`);
  });
});

describe('the configuration of Prometheus', () => {
  it('looks for every process of the composition where it tells its metrics', () => {
    const found = configuration.scrape_configs.flatMap(({ dns_sd_configs = [] }) =>
      dns_sd_configs.flatMap(({ names, port }) => names.map((name) => [name, port])),
    );
    const built = Object.entries(composeFile().services).filter(([, { build }]) => build);
    const ports: Record<string, number> = { auth: 9465, chat: 9466 };
    expect(Object.fromEntries(found)).toEqual(
      Object.fromEntries(built.map(([name]) => [name, ports[name] ?? 9464])),
    );
    for (const [, { networks }] of built) expect(networks).toContain('metrics');
  });
});

// needs the PostgreSQL and the Redis of this machine, and Debian's package prometheus
const onServers = process.env.TEST_DATABASE_URL ? describe : describe.skip;

onServers('a Prometheus that reads separate services with people in them', () => {
  beforeAll(buildWhenStale, 180_000);

  let veche: Veche | undefined;
  let prometheus: ServerProcess | undefined;
  let people: Person[] = [];
  let url = '';
  let over = false;
  let talking: Promise<void> | undefined;

  beforeAll(async () => {
    veche = await Veche.start('micro');
    url = `http://127.0.0.1:${await freePort()}`;
    const file = join(veche.folder, 'prometheus.yml');
    writeFileSync(file, stringify(readingFrom(veche)));
    prometheus = ServerProcess.start(
      'prometheus',
      'prometheus',
      [
        `--config.file=${file}`,
        `--storage.tsdb.path=${join(veche.folder, 'prometheus')}`,
        `--web.listen-address=${new URL(url).host}`,
        '--log.level=warn',
      ],
      { folder: veche.folder },
    );
    people = await register(veche.doors, 'one', 'another');
    talking = talk(people as [Person, Person], () => over);
  });

  afterAll(async () => {
    over = true;
    await talking;
    people.forEach((person) => person.leave());
    await prometheus?.stop();
    await veche?.stop();
    await veche?.destroy();
  });

  const query = async (expr: string): Promise<{ metric: object; value: [number, string] }[]> => {
    const answer = await fetch(`${url}/api/v1/query?${new URLSearchParams({ query: expr }).toString()}`);
    const { status, error, data } = (await answer.json()) as {
      status: string;
      error?: string;
      data?: { result: { metric: object; value: [number, string] }[] };
    };
    if (status !== 'success' || !data) throw new Error(`${expr}: ${error}`);
    return data.result;
  };

  it('finds its configuration and its rules good', () => {
    for (const [command, file] of [
      ['config', 'deploy/prometheus/prometheus.yml'],
      ['rules', RULES],
    ] as const) {
      const { status, stdout, stderr } = spawnSync('promtool', ['check', command, file], {
        cwd: ROOT,
        encoding: 'utf8',
      });
      expect([status, stdout + stderr]).toEqual([0, expect.stringContaining('SUCCESS')]);
    }
  });

  it('reads every process', async () => {
    await eventually(
      async () =>
        (await query('up{job=~"veche.*"} == 1')).length === Object.keys(veche?.doors.metrics ?? {}).length,
    );
  });

  it.each(panels)(
    'has data for $name: $expr',
    async ({ expr }) => {
      await eventually(async () => (await query(expr)).some(({ value: [, text] }) => text !== 'NaN'));
    },
    40_000,
  );

  it.each(rules)('can tell $alert, which asks for what there is', async ({ expr }) => {
    await query(expr);
    const known = read('docs/operate/metrics.md');
    for (const [name] of expr.matchAll(/\bveche_[a-z_]+/g))
      expect(known).toContain(`\`${name.replace(/_(bucket|count|sum)$/, '')}\``);
    for (const [name] of expr.matchAll(/\b(process|nodejs)_[a-z0-9_]+/g))
      expect([name, await query(`count(${name})`)]).not.toEqual([name, []]);
  });

  it('raises no alert where nothing is wrong', async () => {
    const { data } = (await (await fetch(`${url}/api/v1/rules`)).json()) as {
      data: { groups: { rules: { name: string; health: string; state: string }[] }[] };
    };
    const told = data.groups.flatMap((group) => group.rules);
    expect(told.map(({ name }) => name)).toEqual(rules.map(({ alert }) => alert));
    expect(told.filter(({ health, state }) => health !== 'ok' || state === 'firing')).toEqual([]);
  });
});

/** As it is, but for where the processes are and how often they are read. */
const readingFrom = ({ doors }: Veche): Configuration => ({
  global: { scrape_interval: '1s', evaluation_interval: '1s' },
  rule_files: [join(ROOT, RULES)],
  scrape_configs: configuration.scrape_configs.map(({ job_name }) => ({
    job_name,
    static_configs: [
      {
        targets: Object.entries(doors.metrics)
          .filter(([name]) => `veche-${name.replace(/-\d+$/, '')}` === job_name)
          .map(([, address]) => address),
      },
    ],
  })),
});

/** Somebody writes, somebody reads; devices come and go, and one has the wrong password. */
const talk = async ([one, another]: readonly [Person, Person], over: () => boolean): Promise<void> => {
  const room = await one.createRoom('public', [another]);
  const writing = await one.socket();
  await another.socket();
  for (let i = 0; !over(); i++) {
    await writing.send(room.id, `message ${i}`, `${i}`);
    await another.send(room.id, `answer ${i}`);
    await writing.call('sync', { rooms: { [room.id]: 0 } });
    if (i % 10 > 0) continue;
    (await another.socket()).close();
    await another.rest.get('/rooms/browse').catch(() => undefined);
    await one.rest.post('/auth/login', { login: one.username, password: 'wrong' }).catch(() => undefined);
  }
};

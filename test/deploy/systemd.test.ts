import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from '../harness/build';
import { dockerTargets, read, settingsThatExist } from './compose-file';

// of Debian's package systemd, which a container may lack; the whole run has it
const withSystemd =
  spawnSync('systemd-analyze', ['--version']).status === 0 || process.env.TEST_DATABASE_URL
    ? describe
    : describe.skip;

const UNITS: Record<string, string[]> = {
  'veche.service': ['monolith'],
  'veche@.service': ['auth', 'chat', 'gateway'],
};
const settings = settingsThatExist().add('NODE_ENV');
const valuesOf = (unit: string, name: string): string[] =>
  [...unit.matchAll(new RegExp(`^${name}=(.*)$`, 'gm'))].map(([, value]) => value ?? '');

describe.each(Object.entries(UNITS))('%s', (file, apps) => {
  const unit = read(`deploy/systemd/${file}`);

  it('starts what the images start, with settings that exist', () => {
    const [command] = valuesOf(unit, 'ExecStart');
    for (const app of apps)
      expect(command?.replaceAll('%i', app)).toBe(`/usr/bin/${dockerTargets().get(app)?.command.join(' ')}`);
    for (const assignment of valuesOf(unit, 'Environment').join(' ').split(' '))
      expect(settings).toContain(assignment.split('=')[0]);
    for (const app of apps) expect(existsSync(join(ROOT, 'apps', app, 'src/main.ts'))).toBe(true);
  });

  withSystemd('to systemd', () => {
    it('is right, and gives away little', () => {
      const folder = mkdtempSync(join(tmpdir(), 'veche-units-'));
      try {
        for (const app of apps) {
          const at = join(folder, file.replace('@.', `@${app}.`));
          // where it is installed on the machine that looks at it
          writeFileSync(
            at,
            unit.replaceAll('/opt/veche', ROOT).replaceAll('/usr/bin/node', process.execPath),
          );
          const { stderr } = spawnSync('systemd-analyze', ['verify', at], { encoding: 'utf8' });
          // of units that this machine has, it may say something too
          expect(stderr.split('\n').filter((line) => line.includes(folder))).toEqual([]);
          // 0 is nothing at all and 10 everything; fails where it is above
          execFileSync('systemd-analyze', ['security', '--offline=true', '--threshold=20', at]);
        }
      } finally {
        rmSync(folder, { recursive: true });
      }
    });
  });
});

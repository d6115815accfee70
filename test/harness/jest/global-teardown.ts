import { readFileSync, rmSync } from 'node:fs';
import { logFiles } from '../log-files';
import { PASSWORD_MARK } from '../people';
import { runs } from './run';

const JSON_WEB_TOKEN = /eyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{8,}/;

/**
 * Stops the shared Veche, and holds against the whole run what no single test can see: that it left cleanly,
 * met no error that nobody expected, and that no process of the run logged a token or a password.
 */
export default async function globalTeardown(): Promise<void> {
  const { current } = runs;
  if (!current) return;
  const { veche, folder } = current;
  const findings: string[] = [];
  await veche.stop().catch((error: Error) => findings.push(error.message));
  for (const line of veche.logs.split('\n'))
    if (/unexpected error|unhandled/i.test(line)) findings.push(`an unexpected error: ${line}`);
  for (const file of logFiles(folder))
    for (const line of readFileSync(file, 'utf8').split('\n'))
      if (
        line.includes(PASSWORD_MARK) ||
        JSON_WEB_TOKEN.test(line) ||
        line.includes(veche.doors.serviceToken)
      )
        findings.push(`a secret in ${file}: ${line}`);
  await veche.destroy();
  if (findings.length > 0) throw new Error(`After the run:\n${findings.join('\n')}`);
  rmSync(folder, { recursive: true, force: true });
}

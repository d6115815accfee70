import '../paths.cjs';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildWhenStale } from '../build';
import { Person } from '../people';
import { shapeOfRun, Veche } from '../veche';
import { runs } from './run';

/** Builds what is stale and starts the one Veche that the suites of this run share. */
export default async function globalSetup(): Promise<void> {
  const shape = shapeOfRun();
  buildWhenStale();
  const folder = mkdtempSync(join(tmpdir(), 'veche-run-'));
  // workers are started later and inherit these
  process.env.VECHE_RUN_FOLDER = folder;
  const veche = await Veche.start(shape, { folder });
  process.env.VECHE_DOORS = JSON.stringify(veche.doors);
  // the first account is an admin, who may more than the people of the suites
  const { username, password } = await Person.register(veche.doors, 'admin');
  process.env.VECHE_ADMIN = JSON.stringify({ login: username, password });
  runs.current = { veche, folder };
}

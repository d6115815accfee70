import type { CrowdFigures } from './crowd';
import type { HistoryFigures } from './history';
import type { IdleFigures } from './idle';
import type { ListFigures } from './lists';
import type { LoginFigures } from './logins';
import type { ReaderFigures } from './readers';
import type { RestFigures } from './rest';
import type { Figures } from './traffic';

/** What is measured. */
export const ONS = ['bare', 'postgres', 'embedded'] as const;
export type On = (typeof ONS)[number];

export interface Results {
  readonly traffic: readonly (Figures & { key: string; on: On })[];
  readonly idle: readonly (IdleFigures & { on: On })[];
  readonly history: readonly HistoryFigures[];
  /** What others notice while something happens to one room. */
  readonly disturbed: readonly (Figures & { key: string })[];
  readonly logins?: LoginFigures | undefined;
  readonly lists?: ListFigures | undefined;
  readonly crowd?: CrowdFigures | undefined;
  readonly readers?: ReaderFigures | undefined;
  /** Rows a second where each is a commit. */
  readonly inserts?: number | undefined;
  readonly rest: readonly RestFigures[];
}

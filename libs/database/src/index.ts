export { CLOSED } from './closed';
export { Database, type Queries, refusedData, type Row, violatedConstraint } from './database';
export { DatabaseModule, type DatabaseOptions, InjectDatabase, openDatabase } from './database.module';
export { sharedReads } from './shared-reads';
export { type Migration, migrateDown, migrateUp, migrationsOf, tablesOf } from './migrations';

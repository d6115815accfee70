export { Database, type Queries, type Row, violatedConstraint } from './database';
export { DatabaseModule, type DatabaseOptions, InjectDatabase, openDatabase } from './database.module';

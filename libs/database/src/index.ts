export { Database, type Queries, type Row } from './database';
export { DatabaseModule, type DatabaseOptions, InjectDatabase, openDatabase } from './database.module';

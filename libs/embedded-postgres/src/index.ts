export {
  createDataFolder,
  type EmbeddedPostgres,
  type EmbeddedPostgresOptions,
  openEmbeddedPostgres,
} from './embedded-postgres';
export { copyDataFolder } from './folder-copy';

export { FileStore, type OpenFile, type Part, type StoredContent, type Variant } from './file-store';
export { DiskStore } from './disk-store';
export { FilesModule } from './files.module';

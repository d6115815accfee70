import { Module } from '@nestjs/common';
import { Config, filesFolder } from '@veche/config';
import { DiskStore } from './disk-store';
import { FileStore } from './file-store';

/** The store of files that the configuration names. */
@Module({
  providers: [
    {
      provide: FileStore,
      inject: [Config],
      useFactory: (config: Config) => new DiskStore(filesFolder(config)),
    },
  ],
  exports: [FileStore],
})
export class FilesModule {}

import { Module } from '@nestjs/common';
import { InstallationRepository } from './installation.repository';

/** Which installation this is. */
@Module({
  providers: [InstallationRepository],
  exports: [InstallationRepository],
})
export class InstallationModule {}

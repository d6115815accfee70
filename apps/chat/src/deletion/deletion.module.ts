import { Module } from '@nestjs/common';
import { DeletionsRepository } from './deletions.repository';
import { DeletionsService } from './deletions.service';
import { DeletionsSweep } from './deletions.sweep';

/** How a room ends, and what is swept up after it. */
@Module({
  providers: [DeletionsService, DeletionsSweep, DeletionsRepository],
  exports: [DeletionsService],
})
export class DeletionModule {}

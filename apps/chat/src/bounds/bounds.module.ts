import { Module } from '@nestjs/common';
import { BoundsRepository } from './bounds.repository';
import { BoundsService } from './bounds.service';

/** How much one user may set going. */
@Module({
  providers: [BoundsService, BoundsRepository],
  exports: [BoundsService, BoundsRepository],
})
export class BoundsModule {}

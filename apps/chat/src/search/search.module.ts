import { Module } from '@nestjs/common';
import { LogModule } from '../log/log.module';
import { Indexer } from './indexer';
import { IndexingRepository } from './indexing.repository';
import { IndexingService } from './indexing.service';
import { SearchFilters } from './search-filters.service';
import { SearchTurns } from './search-turns';
import { SearchController } from './search.controller';
import { SearchRepository } from './search.repository';
import { SearchService } from './search.service';

/** Finding what was said. */
@Module({
  imports: [LogModule],
  controllers: [SearchController],
  providers: [
    SearchService,
    SearchFilters,
    SearchRepository,
    SearchTurns,
    IndexingService,
    IndexingRepository,
    Indexer,
  ],
})
export class SearchModule {}

import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Access } from '@veche/access';
import { SEARCH } from '@veche/contracts';
import { GetRoomDto } from '@veche/dto';
import type { CallContext, Client } from '@veche/rpc';
import { Costs } from '../../guards/cost.interceptor';
import { Fails } from '../docs/fails';
import { Ctx } from '../requests/context';
import { MomentDto, MomentQuery, SearchHitsDto, SearchQuery } from './search.dto';
import { hitsToJson, searchRequest } from './search.wire';

@ApiTags('search')
@Controller()
export class SearchController {
  constructor(@Inject(SEARCH.token) private readonly searches: Client<typeof SEARCH.definition>) {}

  /**
   * Find messages in your rooms.
   * @remarks What was committed is found within moments; what was edited away or deleted is not found from then on.
   */
  @Get('search')
  @Costs(10)
  @Fails('room_not_found', 'not_a_member')
  @Access('messages.read')
  async search(@Query() query: SearchQuery, @Ctx() ctx: CallContext): Promise<SearchHitsDto> {
    return hitsToJson(await this.searches.searchMessages(searchRequest(query), ctx));
  }

  /** Where a room stood at a moment: the message to go to for a date. */
  @Get('rooms/:roomId/at')
  @Fails('room_not_found', 'not_a_member')
  @Access('messages.read')
  async at(
    @Param() path: GetRoomDto,
    @Query() query: MomentQuery,
    @Ctx() ctx: CallContext,
  ): Promise<MomentDto> {
    return this.searches.findMoment({ ...path, ...query }, ctx);
  }
}

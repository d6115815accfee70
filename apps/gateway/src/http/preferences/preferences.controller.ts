import { Body, Controller, Get, Inject, Param, Patch } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Access } from '@veche/access';
import { PREFERENCES } from '@veche/contracts';
import { GetRoomPreferencesDto } from '@veche/dto';
import type { CallContext, Client } from '@veche/rpc';
import {
  PreferencesBody,
  PreferencesDto,
  RoomPreferencesBody,
  RoomPreferencesDto,
} from '../../preferences/preferences.dto';
import {
  preferencesFromJson,
  preferencesToJson,
  roomPreferencesFromJson,
  roomPreferencesToJson,
} from '../../preferences/preferences.wire';
import { Example } from '../docs/example';
import { Fails } from '../docs/fails';
import { Ctx } from '../requests/context';

@ApiTags('preferences')
@Controller()
export class PreferencesController {
  constructor(
    @Inject(PREFERENCES.token) private readonly preferences: Client<typeof PREFERENCES.definition>,
  ) {}

  /** How you want to have a room. Nobody else sees it; all of your devices agree. */
  @Get('rooms/:roomId/preferences')
  @Fails('room_not_found', 'not_a_member')
  @Access('rooms.read')
  async ofRoom(@Param() path: GetRoomPreferencesDto, @Ctx() ctx: CallContext): Promise<RoomPreferencesDto> {
    return roomPreferencesToJson((await this.preferences.getRoomPreferences(path, ctx)).preferences);
  }

  /** Change how you want to have a room. What is left out stays; your other devices are told. */
  @Patch('rooms/:roomId/preferences')
  @Example(RoomPreferencesBody, { level: 'mentions', favourite: true })
  @Fails('room_not_found', 'not_a_member')
  @Access('rooms.read')
  async changeOfRoom(
    @Param() { roomId }: GetRoomPreferencesDto,
    @Body() body: RoomPreferencesBody,
    @Ctx() ctx: CallContext,
  ): Promise<RoomPreferencesDto> {
    const request = roomPreferencesFromJson(roomId, body);
    return roomPreferencesToJson((await this.preferences.updateRoomPreferences(request, ctx)).preferences);
  }

  /** How you want to have rooms of which you have said nothing else. */
  @Get('users/me/preferences')
  @Fails()
  @Access('users.own')
  async own(@Ctx() ctx: CallContext): Promise<PreferencesDto> {
    return preferencesToJson((await this.preferences.getPreferences({}, ctx)).preferences);
  }

  /** Change that. What is left out stays; your other devices are told. */
  @Patch('users/me/preferences')
  @Example(PreferencesBody, { publicLevel: 'nothing' })
  @Fails()
  @Access('users.own')
  async change(@Body() body: PreferencesBody, @Ctx() ctx: CallContext): Promise<PreferencesDto> {
    const request = preferencesFromJson(body);
    return preferencesToJson((await this.preferences.updatePreferences(request, ctx)).preferences);
  }
}

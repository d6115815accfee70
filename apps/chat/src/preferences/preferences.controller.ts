import { Controller } from '@nestjs/common';
import { Access } from '@veche/access';
import {
  type GetPreferencesResponse,
  type GetRoomPreferencesResponse,
  PREFERENCES,
  type UpdatePreferencesResponse,
  type UpdateRoomPreferencesResponse,
} from '@veche/contracts';
import {
  GetPreferencesDto,
  GetRoomPreferencesDto,
  UpdatePreferencesDto,
  UpdateRoomPreferencesDto,
} from '@veche/dto';
import { type Call, type Handlers, RpcService } from '@veche/rpc';
import { PreferencesService } from './preferences.service';

@Controller()
@RpcService(PREFERENCES)
export class PreferencesController implements Handlers<typeof PREFERENCES.definition> {
  constructor(private readonly preferences: PreferencesService) {}

  @Access('rooms.read')
  async getRoomPreferences(request: GetRoomPreferencesDto, call: Call): Promise<GetRoomPreferencesResponse> {
    return { preferences: await this.preferences.ofRoom(request, call) };
  }

  @Access('rooms.read')
  async updateRoomPreferences(
    request: UpdateRoomPreferencesDto,
    call: Call,
  ): Promise<UpdateRoomPreferencesResponse> {
    return { preferences: await this.preferences.changeOfRoom(request, call) };
  }

  @Access('users.own')
  async getPreferences(_request: GetPreferencesDto, call: Call): Promise<GetPreferencesResponse> {
    return { preferences: await this.preferences.own(call) };
  }

  @Access('users.own')
  async updatePreferences(request: UpdatePreferencesDto, call: Call): Promise<UpdatePreferencesResponse> {
    return { preferences: await this.preferences.change(request, call) };
  }
}

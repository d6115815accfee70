import { Injectable } from '@nestjs/common';
import type { Preferences, RoomPreferences } from '@veche/contracts';
import type { GetRoomPreferencesDto, UpdatePreferencesDto, UpdateRoomPreferencesDto } from '@veche/dto';
import { AppError } from '@veche/errors';
import { type Call, callerOf } from '@veche/rpc';
import { OutboxService } from '../log/outbox.service';
import { StandingService } from '../members/standing.service';
import { wrongWish } from './preference.rules';
import {
  levelWished,
  preferencesChanged,
  roomPreferencesChanged,
  toPreferences,
  toRoomPreferences,
} from './preference.wire';
import { PreferencesRepository } from './preferences.repository';

/** How people want to have their rooms. Their own devices are told; one that misses it is told when it connects again. */
@Injectable()
export class PreferencesService {
  constructor(
    private readonly standings: StandingService,
    private readonly repository: PreferencesRepository,
    private readonly outbox: OutboxService,
  ) {}

  async ofRoom({ roomId }: GetRoomPreferencesDto, call: Call): Promise<RoomPreferences> {
    const who = callerOf(call);
    await this.standings.forReading('read', roomId, who);
    const row = await this.repository.ofRoom(roomId, who.userId);
    if (!row) throw new AppError('not_a_member');
    return toRoomPreferences(row);
  }

  async changeOfRoom(request: UpdateRoomPreferencesDto, call: Call): Promise<RoomPreferences> {
    const who = callerOf(call);
    const { roomId, level, muted, mutedUntil, favourite, hidden } = request;
    const { kind } = await this.standings.forReading('read', roomId, who);
    const wrong = wrongWish({ muted, mutedUntil, hidden }, kind, new Date());
    if (wrong) throw new AppError('invalid_input', { errors: [wrong] });
    const wished = levelWished(level);
    const row = await this.repository.changeOfRoom(roomId, who.userId, {
      ...(wished !== undefined && { level: wished }),
      ...(muted !== undefined && { muted: { on: muted, until: mutedUntil ?? null } }),
      ...(favourite !== undefined && { favourite }),
      ...(hidden !== undefined && { hidden }),
    });
    if (!row) throw new AppError('not_a_member');
    const preferences = toRoomPreferences(row);
    this.outbox.hint(roomPreferencesChanged(roomId, who.userId, preferences));
    return preferences;
  }

  async own(call: Call): Promise<Preferences> {
    return toPreferences(await this.repository.of(callerOf(call).userId));
  }

  async change(request: UpdatePreferencesDto, call: Call): Promise<Preferences> {
    const { userId } = callerOf(call);
    const [publicLevel, privateLevel, directLevel] = [
      levelWished(request.publicLevel),
      levelWished(request.privateLevel),
      levelWished(request.directLevel),
    ];
    const row = await this.repository.change(userId, {
      ...(publicLevel !== undefined && { publicLevel }),
      ...(privateLevel !== undefined && { privateLevel }),
      ...(directLevel !== undefined && { directLevel }),
    });
    const preferences = toPreferences(row);
    this.outbox.hint(preferencesChanged(userId, preferences));
    return preferences;
  }
}

import { Injectable, Logger } from '@nestjs/common';
import type {
  ListMembershipsResponse,
  ListRoomEntriesRequest,
  ListRoomEntriesResponse,
  Serving,
  SubscribeRequest,
  SubscribeResponse,
} from '@veche/contracts';
import { AppError } from '@veche/errors';
import type { Call } from '@veche/rpc';
import { concat, concatAll, concatMap, finalize, merge, type Observable, throwError } from 'rxjs';
import type { Listener } from '../log/audience';
import { Deliveries } from '../log/deliveries.service';
import { RESYNC } from '../log/outbox.wire';
import { ReadingService } from '../log/reading.service';
import { toRoomPreferences } from '../preferences/preference.wire';
import { DeliveryRepository } from './delivery.repository';
import { paced } from './paced';

/** Ids of one kind that one stream may name: some hundred bytes of memory each. */
const MOST_SERVED = 1_000_000;

/** What gateways hold. Only services come here, so nothing is hidden from the caller. */
@Injectable()
export class DeliveryService {
  private readonly log = new Logger('Delivery');

  constructor(
    private readonly deliveries: Deliveries,
    private readonly reading: ReadingService,
    private readonly repository: DeliveryRepository,
  ) {}

  /** Ends with `unavailable` when this process stops: another replica has the same stream. */
  subscribe(requests: Observable<SubscribeRequest>, { flow }: Call): Observable<SubscribeResponse> {
    const listener = this.deliveries.open();
    const heard = concat(
      paced(listener.heard, flow),
      throwError(() => new AppError('unavailable')),
    );
    const answers = requests.pipe(
      concatMap((request) => this.serve(listener, request)),
      concatAll(),
    );
    return merge(heard, answers).pipe(finalize(() => this.deliveries.remove(listener)));
  }

  async memberships(userIds: readonly string[]): Promise<ListMembershipsResponse> {
    const rows = await this.repository.memberships(userIds);
    const memberships = rows.map(({ preferences, ...row }) => ({
      ...row,
      preferences: preferences === null ? undefined : toRoomPreferences(preferences),
    }));
    return { memberships };
  }

  async entries({ roomId, after, limit }: ListRoomEntriesRequest): Promise<ListRoomEntriesResponse> {
    const { entries, lastSeq } = await this.reading.forService(roomId, { after, limit });
    return { entries: [...entries], lastSeq };
  }

  private async serve(listener: Listener, request: SubscribeRequest): Promise<SubscribeResponse[]> {
    this.deliveries.removeRooms(listener, request.removeRooms);
    this.deliveries.removeUsers(listener, request.removeUsers);
    this.deliveries.addUsers(listener, request.addUsers);
    await this.deliveries.addRooms(listener, request.addRooms);
    if (Math.max(listener.rooms.size, listener.users.size) > MOST_SERVED)
      throw new AppError('overloaded', { detail: 'One stream serves no more rooms or users' });
    const [ends, ...more] = await this.endsOf(request.addRooms);
    return [{ body: { $case: 'serving', value: ends } }, ...more];
  }

  /** Read once everything that follows is heard. Where they cannot be read, the caller is told to look itself. */
  private async endsOf(roomIds: readonly string[]): Promise<[Serving, ...SubscribeResponse[]]> {
    try {
      const rooms = await this.repository.ends(roomIds);
      const there = new Set(rooms.map(({ roomId }) => roomId));
      return [{ rooms, goneRooms: roomIds.filter((id) => !there.has(id)) }];
    } catch (error) {
      this.log.warn({ err: error, rooms: roomIds.length }, 'cannot read where rooms end');
      return [{ rooms: [], goneRooms: [] }, RESYNC];
    }
  }
}

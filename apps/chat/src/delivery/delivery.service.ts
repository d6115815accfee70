import { Injectable } from '@nestjs/common';
import type {
  ListMembershipsResponse,
  ListRoomEntriesRequest,
  ListRoomEntriesResponse,
  SubscribeResponse,
} from '@veche/contracts';
import { AppError } from '@veche/errors';
import type { Call } from '@veche/rpc';
import { concat, type Observable, of, throwError } from 'rxjs';
import { OutboxService } from '../log/outbox.service';
import { RESYNC } from '../log/outbox.wire';
import { ReadingService } from '../log/reading.service';
import { DeliveryRepository } from './delivery.repository';
import { paced } from './paced';

/** What gateways hold. Only services come here, so nothing is hidden from the caller. */
@Injectable()
export class DeliveryService {
  constructor(
    private readonly outbox: OutboxService,
    private readonly reading: ReadingService,
    private readonly repository: DeliveryRepository,
  ) {}

  /** Ends with `unavailable` when this process stops: another replica has the same stream. */
  subscribe({ flow }: Call): Observable<SubscribeResponse> {
    return concat(
      of(RESYNC),
      paced(this.outbox.deliveries, flow),
      throwError(() => new AppError('unavailable')),
    );
  }

  async memberships(userIds: readonly string[]): Promise<ListMembershipsResponse> {
    return { memberships: await this.repository.memberships(userIds) };
  }

  async entries({ roomId, after, limit }: ListRoomEntriesRequest): Promise<ListRoomEntriesResponse> {
    const { entries, lastSeq } = await this.reading.forService(roomId, { after, limit });
    return { entries: [...entries], lastSeq };
  }
}

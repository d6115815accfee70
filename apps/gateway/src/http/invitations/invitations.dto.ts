import type { Invitation } from '@veche/protocol';
import { RoomDto } from '../../rooms/room.dto';

export class InvitationDto implements Invitation {
  room!: RoomDto;
  /**
   * Who asks.
   * @example "01890a5d-ac96-774b-bcce-b302099a8051"
   */
  invitedBy!: string;
  /** @example "2026-01-02T03:04:05.678Z" */
  invitedAt!: string;
}

export class InvitationsDto {
  items!: InvitationDto[];
}

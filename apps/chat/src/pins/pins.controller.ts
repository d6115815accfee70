import { Controller } from '@nestjs/common';
import { Access } from '@veche/access';
import { type ListPinsResponse, PINS, type SetPinResponse } from '@veche/contracts';
import { ListPinsDto, SetPinDto } from '@veche/dto';
import { type Call, type Handlers, RpcService } from '@veche/rpc';
import { PinsService } from './pins.service';

@Controller()
@RpcService(PINS)
export class PinsController implements Handlers<typeof PINS.definition> {
  constructor(private readonly pins: PinsService) {}

  @Access('messages.send')
  setPin(request: SetPinDto, call: Call): Promise<SetPinResponse> {
    return this.pins.set(request, call);
  }

  @Access('messages.read')
  listPins(request: ListPinsDto, call: Call): Promise<ListPinsResponse> {
    return this.pins.list(request, call);
  }
}

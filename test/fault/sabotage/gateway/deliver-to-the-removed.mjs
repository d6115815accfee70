// Who was removed from a room stays in it as far as this gateway is concerned.
import { built } from '../built.mjs';

const { FanOut } = built('./apps/gateway/src/socket/fan-out.service.js');
FanOut.prototype.left = () => undefined;

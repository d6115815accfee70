import { DELIVERY } from '@veche/contracts';
import { eventually, freePort } from '@veche/testing';
import { Grpc } from '../harness/grpc';
import { Link } from '../harness/link';
import { within } from '../harness/waiting';
import { serveAt, SERVICE_TOKEN } from './endless-service';

test('a service stops in time though somebody who followed a stream has vanished without a word', async () => {
  const port = await freePort();
  const app = await serveAt(`127.0.0.1:${port}`);
  const link = await Link.open('client→service', await freePort(), [port]);
  const client = new Grpc(DELIVERY.definition, `127.0.0.1:${link.port}`);
  const nothing = { addRooms: [], removeRooms: [], addUsers: [], removeUsers: [] };
  const stream = client.stream('subscribe', nothing, { metadata: { 'x-service-token': SERVICE_TOKEN } });
  await eventually(() => stream.heard.length === 1);
  link.lose();
  await within(5_000, 'stopping', app.close());
  client.close();
  link.close();
});

import { credentials, loadPackageDefinition, type ServiceClientConstructor } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { protoPath as healthProto } from 'grpc-health-check';
import { join } from 'node:path';
import { sharedDoors } from '../harness/veche';
import { within } from '../harness/waiting';

const doors = sharedDoors();
const reflectionProto = (version: string): string =>
  join(
    require.resolve('@grpc/reflection/package.json'),
    `../build/proto/grpc/reflection/${version}/reflection.proto`,
  );

const service = (proto: string, path: string): ServiceClientConstructor =>
  path
    .split('.')
    .reduce<unknown>(
      (at, name) => (at as Record<string, unknown>)[name],
      loadPackageDefinition(loadSync(proto, { keepCase: true, enums: String, longs: Number, oneofs: true })),
    ) as ServiceClientConstructor;

const SERVED: [name: string, addresses: readonly string[], services: string[]][] = [
  [
    'auth',
    doors.auth,
    ['veche.auth.v1.AuthService', 'veche.auth.v1.UserService', 'veche.auth.v1.AccessService'],
  ],
  ['chat', doors.chat, ['veche.chat.v1.RoomService', 'veche.chat.v1.MessageService']],
];

describe.each(SERVED)('%s', (_name, addresses, services) => {
  test('says of each of its services that it serves (grpc.health.v1)', async () => {
    const Health = service(healthProto, 'grpc.health.v1.Health');
    for (const address of addresses) {
      const client = new Health(address, credentials.createInsecure());
      const check = (name: string): Promise<{ status: string }> =>
        new Promise((resolve, reject) => {
          client.check?.({ service: name }, (error: Error | null, answer: { status: string }) =>
            error ? reject(error) : resolve(answer),
          );
        });
      for (const name of ['', ...services]) expect(await check(name)).toEqual({ status: 'SERVING' });
      await expect(check('veche.nowhere.v1.Nothing')).rejects.toMatchObject({ code: 5 });
      client.close();
    }
  });

  test.each(['v1', 'v1alpha'])('can be explored by reflection (%s)', async (version) => {
    const Reflection = service(reflectionProto(version), `grpc.reflection.${version}.ServerReflection`);
    const client = new Reflection(addresses[0]!, credentials.createInsecure());
    interface Answer {
      list_services_response?: { service: { name: string }[] };
      file_descriptor_response?: { file_descriptor_proto: Buffer[] };
    }
    const ask = (request: object): Promise<Answer> => {
      const call = (
        client.ServerReflectionInfo as () => import('@grpc/grpc-js').ClientDuplexStream<object, Answer>
      )();
      return within(
        5_000,
        'an answer of reflection',
        new Promise<Answer>((resolve, reject) => {
          call.on('data', resolve).on('error', reject);
          call.write(request);
        }),
      ).finally(() => call.end());
    };
    const listed = await ask({ list_services: '' });
    const names = listed.list_services_response?.service.map((s) => s.name);
    expect(names).toEqual(expect.arrayContaining(services));
    for (const symbol of services) {
      const { file_descriptor_response: found } = await ask({ file_containing_symbol: symbol });
      expect(found?.file_descriptor_proto.some((file) => file.includes(symbol.split('.').at(-1) ?? ''))).toBe(
        true,
      );
    }
    client.close();
  });
});

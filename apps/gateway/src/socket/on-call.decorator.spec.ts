import { Access } from '@veche/access';
import { SendMessageDto } from '@veche/dto';
import { handlersOf, OnCall } from './on-call.decorator';

const answer = { expiresAt: '' };

test('a handler of a call that declares no access fails the start', () => {
  class Forgetful {
    @OnCall('token')
    renew(_message: SendMessageDto) {
      return answer;
    }
  }
  expect(() => handlersOf(new Forgetful())).toThrow('Forgetful.renew declares no @Access');
});

test('a handler of a call that names no DTO fails the start', () => {
  class Careless {
    @OnCall('token')
    @Access('public')
    renew(_anything: object) {
      return answer;
    }
  }
  expect(() => handlersOf(new Careless())).toThrow('Careless.renew names no DTO for its payload');
});

test('handlers are found by the names of their calls, in whatever order they are decorated', () => {
  class Careful {
    @Access('users.own')
    @OnCall('token')
    renew(_message: SendMessageDto) {
      return answer;
    }
    other() {
      return answer;
    }
  }
  const handlers = handlersOf(new Careful());
  expect([...handlers.keys()]).toEqual(['token']);
  expect(handlers.get('token')?.access).toBe('users.own');
});

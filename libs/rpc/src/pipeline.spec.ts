import { AppError } from '@veche/errors';
import type { UserPrincipal } from '@veche/access';
import { Authenticator } from './authenticator';
import { RpcPipeline } from './pipeline';

class Nobody extends Authenticator {
  authenticate(): Promise<UserPrincipal> {
    return Promise.reject(new AppError('unauthenticated'));
  }
  override hold(): void {
    return;
  }
  override release(): void {
    return;
  }
}

test('more calls than can wait are refused, and taken again when others have been answered', async () => {
  const pipeline = new RpcPipeline(new Nobody(), 'a credential');
  let answer: (value: string) => void = () => undefined;
  const slow = new Promise<string>((resolve) => (answer = resolve));
  const call = (): Promise<string> => pipeline.unary('/path', 'public', { requestId: 'r' }, () => slow);
  const waiting = Array.from({ length: 20_000 }, call);
  await expect(call()).rejects.toEqual(new AppError('overloaded'));
  answer('done');
  expect(new Set(await Promise.all(waiting))).toEqual(new Set(['done']));
  expect(await call()).toBe('done');
});

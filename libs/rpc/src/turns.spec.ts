import { AppError } from '@veche/errors';
import { Turns } from './turns';

/** Work that takes until it is told to end, and notes what runs. */
class Works {
  readonly running: string[] = [];
  readonly begun: string[] = [];
  private readonly ends = new Map<string, () => void>();

  readonly of = (name: string) => async (): Promise<string> => {
    this.running.push(name);
    this.begun.push(name);
    await new Promise<void>((resolve) => this.ends.set(name, resolve));
    this.running.splice(this.running.indexOf(name), 1);
    return name;
  };

  async end(name: string): Promise<void> {
    this.ends.get(name)?.();
    await new Promise(setImmediate);
  }
}

const begun = (): Promise<void> => new Promise(setImmediate);

describe('turns', () => {
  it('run little of one user at once, whoever else comes runs beside it, and nothing is lost', async () => {
    const turns = new Turns({ each: 2, waiting: 100, all: 3 });
    const works = new Works();
    const answers = Array.from({ length: 20 }, (_, i) => `olga ${i}`).map((name) =>
      turns.take('olga', undefined, works.of(name)),
    );
    await begun();
    expect(works.running).toEqual(['olga 0', 'olga 1']);
    answers.push(turns.take('boris', undefined, works.of('boris')));
    await begun();
    expect(works.running).toEqual(['olga 0', 'olga 1', 'boris']);
    // a third waits for one of the three, and not for what of olga's waits already
    answers.push(turns.take('clara', undefined, works.of('clara')));
    await works.end('olga 0');
    expect(works.running).toEqual(['olga 1', 'boris', 'clara']);
    while (works.running[0] !== undefined) await works.end(works.running[0]);
    expect(new Set(await Promise.all(answers)).size).toBe(22);
    // in their order
    const olgas = works.begun.filter((name) => name.startsWith('olga'));
    expect(olgas).toEqual(Array.from({ length: 20 }, (_, i) => `olga ${i}`));
  });

  it('refuse what would only wait longer, and take it again when there is room', async () => {
    const turns = new Turns({ each: 1, waiting: 2 });
    const works = new Works();
    const answers = ['a', 'b', 'c'].map((name) => turns.take('olga', undefined, works.of(name)));
    await expect(turns.take('olga', undefined, works.of('d'))).rejects.toMatchObject({
      code: 'rate_limited',
    });
    const other = turns.take('boris', undefined, works.of('e'));
    await begun();
    for (const name of ['a', 'b', 'c', 'e']) await works.end(name);
    expect(await Promise.all([...answers, other])).toEqual(['a', 'b', 'c', 'e']);
    const again = turns.take('olga', undefined, works.of('f'));
    await begun();
    await works.end('f');
    expect(await again).toBe('f');
  });

  it('do not begin what nobody waits for any more, and an error takes no place for ever', async () => {
    const turns = new Turns({ each: 1, waiting: 10 });
    const failing = turns.take('olga', undefined, () => Promise.reject(new TypeError('no')));
    await expect(failing).rejects.toThrow(TypeError);
    const late = turns.take('olga', Date.now() - 1, () => Promise.resolve('never'));
    await expect(late).rejects.toEqual(new AppError('deadline_exceeded'));
    expect(await turns.take('olga', Date.now() + 10_000, () => Promise.resolve('in time'))).toBe('in time');
  });
});

import { isolated, isolating } from './isolated';

describe('a name in a sentence', () => {
  it.each(['Anna', 'Борис', 'Zoë O’Neil', '山田', 'Anna 2', ''])(
    'stays as it is where it turns nothing: %s',
    (name) => expect(isolated(name)).toBe(name),
  );

  it.each([
    ['שלום', '\u2068שלום\u2069'],
    ['محمد', '\u2068محمد\u2069'],
    ['Evil\u202e', '\u2068Evil\u2069'],
    ['Evil\u2069\u202e!', '\u2068Evil!\u2069'],
    ['\u2067\u200f\u061cEvil', '\u2068Evil\u2069'],
  ])('does not turn what is around it: %j', (name, alone) => expect(isolated(name)).toBe(alone));

  it('is isolated in every sentence of a catalogue, and a number is not', () => {
    const catalogue = isolating({
      title: 'Title',
      room: {
        joined: (actor: string) => `${actor} joined`,
        counted: (count: number, name: string) => `${count + 1} of ${name}`,
      },
    });
    expect(catalogue.title).toBe('Title');
    expect(catalogue.room.joined('Evil\u202e')).toBe('\u2068Evil\u2069 joined');
    expect(catalogue.room.counted(1, 'שלום')).toBe('2 of \u2068שלום\u2069');
  });
});

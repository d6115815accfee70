import { input } from '../input.pipe';
import { StatusBody } from './presence.dto';

test('a status is what people may say of themselves', () => {
  const until = '2027-01-02T08:00:00.000Z';
  const said = { emoji: '🎧', text: 'In a call', availability: 'dnd', until };
  expect(input(StatusBody, said)).toEqual({ ...said, until: new Date(until) });
  expect(input(StatusBody, {})).toEqual({});
  const wrong = [{ availability: 'offline' }, { emoji: 'x' }, { emoji: '🎧🎧' }, { text: '' }];
  for (const one of [...wrong, { until: 'soon' }, { until: 5 }, { text: null }, { colour: 'red' }])
    expect(() => input(StatusBody, one)).toThrow();
});

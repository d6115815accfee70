import type { StatusChange } from '@veche/client';
import { SmilePlus } from 'lucide-react';
import { type ReactNode, useRef, useState } from 'react';
import { useForm } from 'react-hook-form';
import { checks } from '../app/checks';
import { useChat } from '../chat/chat';
import { useFormats, useMessages } from '../i18n/i18n';
import { usePresence } from '../people/presence';
import { ChooseEmoji } from '../reactions/windows';
import { useMe } from '../session/session';
import { Button } from '../ui/button';
import { Choice } from '../ui/choice';
import { Field } from '../ui/field';
import { FormDialog } from '../ui/form-dialog';
import { Select } from '../ui/select';
import { toast } from '../ui/toast';
import style from './status.module.css';

const AVAILABILITIES = ['online', 'away', 'dnd'] as const;
const ENDS = ['never', 'half', 'hour', 'four', 'today', 'week'] as const;
const MINUTES: Partial<Record<End, number>> = { half: 30, hour: 60, four: 240 };
/** What people say most often. */
const USUAL = { meeting: '📅', lunch: '🍜', focus: '🎧', remote: '🏠', sick: '🤒', holiday: '🌴' } as const;

type Chosen = (typeof AVAILABILITIES)[number];
/** When it ends; `kept`: when it would have ended anyway. */
type End = (typeof ENDS)[number] | 'kept';

const atMidnight = (days: number): Date => {
  const at = new Date();
  at.setDate(at.getDate() + days);
  at.setHours(0, 0, 0, 0);
  return at;
};

const endOf = (end: End, kept: string | undefined): string | undefined => {
  const minutes = MINUTES[end];
  if (minutes !== undefined) return new Date(Date.now() + minutes * 60_000).toISOString();
  if (end === 'today') return atMidnight(1).toISOString();
  // until the night before Monday
  if (end === 'week') return atMidnight(((7 - new Date().getDay()) % 7) + 1).toISOString();
  return end === 'kept' ? kept : undefined;
};

/** What one says of oneself: whether one is here, an emoji and some words, and when that ends by itself. */
export const StatusEditor = ({ onClose }: { onClose: () => void }): ReactNode => {
  const messages = useMessages();
  const words = messages.status;
  const formats = useFormats();
  const me = useMe();
  const { setStatus } = useChat();
  const presence = usePresence(me.id);
  const known = presence?.status;
  const [availability, setAvailability] = useState<Chosen>(
    AVAILABILITIES.find((one) => one === presence?.availability) ?? 'online',
  );
  const [emoji, setEmoji] = useState(known?.emoji ?? '');
  const [end, setEnd] = useState<End>(known?.until === undefined ? 'never' : 'kept');
  const [isChoosing, setChoosing] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const form = useForm({ defaultValues: { text: known?.text ?? '' } });
  const fill = (icon: string, text: string): void => {
    setEmoji(icon);
    form.setValue('text', text, { shouldDirty: true });
  };
  const save = async ({ text }: { text: string }): Promise<void> => {
    const until = endOf(end, known?.until);
    const change: StatusChange = {
      availability,
      ...(emoji && { emoji }),
      ...(text.trim() && { text: text.trim() }),
      ...(until !== undefined && { until }),
    };
    await setStatus(change);
    onClose();
    toast(words.saved);
  };
  const ends = known?.until === undefined ? ENDS : (['kept', ...ENDS] as const);
  return (
    <FormDialog title={words.title} action={messages.save} of={form} onSubmit={save} onClose={onClose}>
      <Choice
        label={words.availability}
        value={availability}
        options={AVAILABILITIES.map((value) => ({ value, name: messages.people[value] }))}
        onChange={setAvailability}
      />
      <div className={style.line}>
        <button
          ref={button}
          type="button"
          className={style.emoji}
          aria-label={emoji ? `${words.emoji}: ${emoji}` : words.emoji}
          onClick={() => setChoosing(true)}
        >
          {emoji || <SmilePlus size={18} aria-hidden />}
        </button>
        <Field
          control={form.control}
          name="text"
          label={words.text}
          check={checks(messages).atMost(100)}
          autoFocus
        />
      </div>
      <div className={style.usual}>
        {(Object.keys(USUAL) as (keyof typeof USUAL)[]).map((name) => (
          <button
            key={name}
            type="button"
            className={style.one}
            onClick={() => fill(USUAL[name], words.usual[name])}
          >
            {USUAL[name]} {words.usual[name]}
          </button>
        ))}
      </div>
      <div className={style.until}>
        <span aria-hidden>{words.until}</span>
        <Select
          label={words.until}
          value={end}
          options={ends.map((value) => ({
            value,
            name:
              value === 'kept' ? words.kept(formats.moment(new Date(known?.until ?? ''))) : words.ends[value],
          }))}
          onChange={setEnd}
        />
        {(emoji || form.watch('text')) && (
          <Button look="quiet" onPress={() => fill('', '')}>
            {words.clear}
          </Button>
        )}
      </div>
      {isChoosing && (
        <ChooseEmoji
          beside={button}
          onChoose={(chosen) => {
            setEmoji(chosen);
            setChoosing(false);
          }}
          onClose={() => setChoosing(false)}
        />
      )}
    </FormDialog>
  );
};

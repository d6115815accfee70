import { AtSign, Bold, Code, Italic, Link, type LucideIcon, Smile, Strikethrough, Type } from 'lucide-react';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { Toolbar } from 'react-aria-components/Toolbar';
import { Attach } from '../files/attach';
import { useMessages } from '../i18n/i18n';
import { ChooseEmoji } from '../reactions/windows';
import { IconButton } from '../ui/button';
import type { Format } from './formatting';
import style from './composer.module.css';

const FORMATS: readonly (readonly [Format, LucideIcon])[] = [
  ['bold', Bold],
  ['italic', Italic],
  ['strike', Strikethrough],
  ['code', Code],
  ['link', Link],
];

const isTouch = matchMedia('(pointer: coarse)').matches;

interface ComposerToolsProps {
  /** Whether the formats are there from the beginning: where there is room for them. */
  showsFormats: boolean;
  /** Undefined where files cannot be added. */
  onFiles: ((files: readonly File[]) => void) | undefined;
  onInsert: (text: string) => void;
  onMention: () => void;
  onFormat: (format: Format) => void;
}

/** What stands below the field that one writes in. */
export const ComposerTools = ({
  showsFormats,
  onFiles,
  onInsert,
  onMention,
  onFormat,
}: ComposerToolsProps): ReactNode => {
  const { room } = useMessages();
  const emoji = useRef<HTMLButtonElement>(null);
  const [isChoosing, setChoosing] = useState(false);
  const [isOpen, setOpen] = useState(showsFormats);
  // it is written when the emoji are gone: as long as they are there, they keep the focus
  const chosen = useRef<string>(undefined);
  useEffect(() => {
    const put = chosen.current;
    if (isChoosing || put === undefined) return;
    chosen.current = undefined;
    onInsert(put);
  }, [isChoosing, onInsert]);
  return (
    <Toolbar className={style.tools ?? ''} aria-label={room.writingTools}>
      {onFiles && <Attach hasCamera={isTouch} onFiles={onFiles} />}
      <IconButton
        ref={emoji}
        label={room.emoji}
        aria-haspopup="dialog"
        aria-expanded={isChoosing}
        onPress={() => setChoosing(true)}
      >
        <Smile size={18} />
      </IconButton>
      <IconButton label={room.mention} onPress={onMention}>
        <AtSign size={18} />
      </IconButton>
      <IconButton label={room.formats.all} aria-pressed={isOpen} onPress={() => setOpen(!isOpen)}>
        <Type size={17} />
      </IconButton>
      {isOpen && (
        <div className={style.formats}>
          {FORMATS.map(([format, Icon]) => (
            <IconButton key={format} label={room.formats[format]} onPress={() => onFormat(format)}>
              <Icon size={16} />
            </IconButton>
          ))}
        </div>
      )}
      {isChoosing && (
        <ChooseEmoji
          beside={emoji}
          onChoose={(one) => {
            chosen.current = one;
            setChoosing(false);
          }}
          onClose={() => setChoosing(false)}
        />
      )}
    </Toolbar>
  );
};

import type { Attachment } from '@veche/client';
import { Play } from 'lucide-react';
import { type KeyboardEvent, type ReactNode, useRef, useState } from 'react';
import { useProblemText } from '../app/problem';
import { useMessages } from '../i18n/i18n';
import { api } from '../session/session';
import { toast } from '../ui/toast';
import { FileCard, FileName, ICONS, useFacts } from './file-card';
import { kindOf } from './kinds';
import style from './files.module.css';

interface PlayerProps {
  file: Attachment;
  tabIndex: number;
}

/**
 * Sound or video, played by what the browser has for it. Nothing of it is fetched before somebody wants to hear or see it:
 * an element of a page sends no access token, and the link that it gets instead is good for some minutes. One that has ended
 * since is replaced, and it goes on where it was.
 */
export const Player = ({ file, tabIndex }: PlayerProps): ReactNode => {
  const { files } = useMessages();
  const facts = useFacts(file);
  const text = useProblemText();
  const [url, setUrl] = useState<string>();
  const [cannot, setCannot] = useState(false);
  /** Whether anything came by the present link. */
  const hasPlayed = useRef(false);
  const at = useRef(0);
  const isVideo = kindOf(file) === 'video';
  const fetchLink = (): void => {
    hasPlayed.current = false;
    api.files.link(file.id).then(
      (link) => setUrl(link.url),
      (error: unknown) => toast(text(error)),
    );
  };
  if (cannot) return <FileCard file={file} tabIndex={tabIndex} note={files.notPlayed} />;
  if (url === undefined) {
    const Icon = isVideo ? Play : ICONS.sound;
    return (
      <button
        type="button"
        className={isVideo ? style.screen : style.card}
        tabIndex={tabIndex}
        onClick={fetchLink}
      >
        <span className="heard-only">{`${files.play(file.name)} (${facts})`}</span>
        <span className={style.icon}>
          <Icon size={20} aria-hidden />
        </span>
        <span className={style.what} aria-hidden>
          <FileName name={file.name} />
          <span className={style.facts}>{facts}</span>
        </span>
        {!isVideo && <Play size={18} aria-hidden />}
      </button>
    );
  }
  const media = {
    src: url,
    controls: true,
    autoPlay: true,
    tabIndex: 0,
    'aria-label': file.name,
    // the arrows turn it up and down, and lead nowhere else
    onKeyDown: (event: KeyboardEvent) => event.stopPropagation(),
    onLoadedMetadata: ({ currentTarget }: { currentTarget: HTMLMediaElement }) => {
      if (at.current > 0) currentTarget.currentTime = at.current;
    },
    onTimeUpdate: ({ currentTarget }: { currentTarget: HTMLMediaElement }) => {
      hasPlayed.current = true;
      at.current = currentTarget.currentTime;
    },
    onError: () => {
      if (hasPlayed.current) fetchLink();
      else setCannot(true);
    },
  };
  return isVideo ? (
    <video className={style.screen} playsInline {...media} />
  ) : (
    <span className={style.sound}>
      <FileName name={file.name} />
      <audio {...media} />
    </span>
  );
};

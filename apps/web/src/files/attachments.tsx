import type { Attachment } from '@veche/client';
import type { CSSProperties, ReactNode } from 'react';
import { FileCard } from './file-card';
import { type Box, boxOf, isPicture, kindOf, type Picture } from './kinds';
import { Thumbnail } from './picture';
import { Player } from './player';
import style from './files.module.css';

interface AttachmentsProps {
  files: readonly Attachment[];
  /** Whether the keyboard gets to them: those of the message that it is at. */
  isCurrent: boolean;
  /** One wants to see a picture as large as it is. */
  onView: (id: string) => void;
}

/** The files of a message: pictures first, then what is heard and seen, then the rest; each has its place at once. */
export const Attachments = ({ files, isCurrent, onView }: AttachmentsProps): ReactNode => {
  const pictures = files.filter(isPicture);
  const others = files.filter((file) => !isPicture(file));
  const tabIndex = isCurrent ? 0 : -1;
  return (
    <div className={style.files}>
      {pictures.length > 0 && <Pictures pictures={pictures} tabIndex={tabIndex} onView={onView} />}
      {others.map((file) =>
        kindOf(file) === 'video' || kindOf(file) === 'sound' ? (
          <Player key={file.id} file={file} tabIndex={tabIndex} />
        ) : (
          <FileCard key={file.id} file={file} tabIndex={tabIndex} />
        ),
      )}
    </div>
  );
};

/** In pixels of CSS. */
const TILE = 136;
const PX_PER_REM = 16;

interface PicturesProps {
  pictures: readonly Picture[];
  tabIndex: number;
  onView: (id: string) => void;
}

const Pictures = ({ pictures, tabIndex, onView }: PicturesProps): ReactNode => {
  const [one, ...more] = pictures;
  const shown = (picture: Picture, box: Box, place?: CSSProperties): ReactNode => (
    <button
      key={picture.id}
      type="button"
      className={style.picture}
      style={place}
      tabIndex={tabIndex}
      aria-haspopup="dialog"
      onClick={() => onView(picture.id)}
    >
      <Thumbnail picture={picture} box={box} />
    </button>
  );
  if (one && more.length === 0) {
    const box = boxOf(one);
    return shown(one, box, {
      width: `${box.width / PX_PER_REM}rem`,
      aspectRatio: `${box.width} / ${box.height}`,
    });
  }
  const columns = pictures.length === 2 || pictures.length === 4 ? 2 : 3;
  return (
    <span className={style.grid} style={{ '--columns': columns } as CSSProperties}>
      {pictures.map((picture) => shown(picture, { width: TILE, height: TILE }))}
    </span>
  );
};

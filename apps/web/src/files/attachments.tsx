import type { Attachment } from '@veche/client';
import type { CSSProperties, ReactNode } from 'react';
import { FileCard } from './file-card';
import { boxOf, isPicture, kindOf, type Picture } from './kinds';
import { Thumbnail } from './picture';
import { Player } from './player';
import style from './files.module.css';

interface AttachmentsProps {
  files: readonly Attachment[];
  /** Whether the keyboard gets to them: those of the message that it is at. */
  isCurrent: boolean;
}

/** The files of a message: pictures first, then what is heard and seen, then the rest; each has its place at once. */
export const Attachments = ({ files, isCurrent }: AttachmentsProps): ReactNode => {
  const pictures = files.filter(isPicture);
  const others = files.filter((file) => !isPicture(file));
  const tabIndex = isCurrent ? 0 : -1;
  return (
    <div className={style.files}>
      {pictures.length > 0 && <Pictures pictures={pictures} />}
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

const Pictures = ({ pictures }: { pictures: readonly Picture[] }): ReactNode => {
  const [one, ...more] = pictures;
  if (one && more.length === 0) {
    const { width, height } = boxOf(one);
    const place: CSSProperties = { width: `${width / PX_PER_REM}rem`, aspectRatio: `${width} / ${height}` };
    return (
      <span className={style.picture} style={place}>
        <Thumbnail picture={one} box={{ width, height }} />
      </span>
    );
  }
  const columns = pictures.length === 2 || pictures.length === 4 ? 2 : 3;
  return (
    <span className={style.grid} style={{ '--columns': columns } as CSSProperties}>
      {pictures.map((picture) => (
        <span key={picture.id} className={style.picture}>
          <Thumbnail picture={picture} box={{ width: TILE, height: TILE }} />
        </span>
      ))}
    </span>
  );
};

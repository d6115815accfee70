import { type ReactNode, useEffect, useState } from 'react';
import { useConnection } from '../chat/chat';
import { useMessages } from '../i18n/i18n';
import { type Box, type Picture, thumbnailFor } from './kinds';
import { knownPicture, takePicture } from './pictures';
import style from './files.module.css';

interface ThumbnailProps {
  picture: Picture;
  box: Box;
}

/** A smaller picture in a place that has its size already: some pixels of it until it is there, and where it never is. */
export const Thumbnail = ({ picture, box }: ThumbnailProps): ReactNode => {
  const { files } = useMessages();
  const { id, name, placeholder } = picture;
  const size = thumbnailFor(picture, box, devicePixelRatio);
  const url = usePicture(id, size);
  const [isDrawn, setDrawn] = useState(false);
  return (
    <>
      {placeholder && !isDrawn && <img className={style.placeholder} src={placeholder} alt="" />}
      {url && <img className={style.image} src={url} alt="" decoding="async" onLoad={() => setDrawn(true)} />}
      {/* as text, so that it is selected and copied with what stands around it */}
      <span className="heard-only">{files.named(files.kinds.picture, name)}</span>
    </>
  );
};

/** What did not come is asked for again with the next connection. */
const usePicture = (id: string, size: 'small' | 'large'): string | undefined => {
  const [url, setUrl] = useState(() => knownPicture(id, size));
  const isOnline = useConnection().status === 'online';
  useEffect(() => takePicture(id, size, setUrl), [id, size, isOnline]);
  return url;
};

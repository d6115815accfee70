import { ChevronLeft, ChevronRight, Download, X, ZoomIn, ZoomOut } from 'lucide-react';
import { type CSSProperties, type ReactNode, useEffect, useRef, useState } from 'react';
import { Dialog } from 'react-aria-components/Dialog';
import { Modal, ModalOverlay } from 'react-aria-components/Modal';
import { useProblemText } from '../app/problem';
import { useMessages } from '../i18n/i18n';
import { api } from '../session/session';
import { IconButton } from '../ui/button';
import { toast } from '../ui/toast';
import { FileName } from './file-card';
import type { Picture } from './kinds';
import { knownPicture, takePicture } from './pictures';
import { saveFile } from './save';
import { useLooking } from './looking';
import { STEP } from './zoom';
import style from './viewer.module.css';

interface ViewerProps {
  /** All that one can go to, the oldest first. */
  pictures: readonly Picture[];
  /** Which of them is shown. */
  id: string;
  onView: (id: string) => void;
  onClose: () => void;
}

/** The pictures of a room, one at a time and as large as there is room for. One that is deleted meanwhile is gone from here. */
export const Viewer = ({ pictures, id, onView, onClose }: ViewerProps): ReactNode => {
  const { files } = useMessages();
  const index = pictures.findIndex((one) => one.id === id);
  const isGone = index < 0;
  useEffect(() => {
    if (isGone) onClose();
  }, [isGone, onClose]);
  const picture = pictures[index];
  return (
    picture && (
      <ModalOverlay
        isOpen
        isDismissable
        onOpenChange={(open) => !open && onClose()}
        className={style.overlay ?? ''}
      >
        <Modal className={style.modal ?? ''}>
          <Dialog aria-label={files.viewer} className={style.viewer ?? ''}>
            <Shown
              key={id}
              picture={picture}
              place={files.place(index + 1, pictures.length)}
              previous={pictures[index - 1]}
              next={pictures[index + 1]}
              onView={onView}
              onClose={onClose}
            />
          </Dialog>
        </Modal>
      </ModalOverlay>
    )
  );
};

interface ShownProps {
  picture: Picture;
  place: string;
  previous: Picture | undefined;
  next: Picture | undefined;
  onView: (id: string) => void;
  onClose: () => void;
}

const Shown = ({ picture, place, previous, next, onView, onClose }: ShownProps): ReactNode => {
  const { files, close } = useMessages();
  const text = useProblemText();
  const { id, name, width, height, placeholder } = picture;
  const go = (to: 'previous' | 'next' | 'close'): void => {
    if (to === 'close') return onClose();
    const there = to === 'next' ? next : previous;
    if (there) onView(there.id);
  };
  const { stage, image, handlers, look, zoom, reset } = useLooking(go);
  const isNear = look.scale > 1;
  const url = useLargest(picture, isNear);
  const keys: Readonly<Record<string, () => void>> = {
    ArrowLeft: () => go('previous'),
    ArrowRight: () => go('next'),
    '+': () => zoom(STEP),
    '=': () => zoom(STEP),
    '-': () => zoom(1 / STEP),
    '0': reset,
  };
  const pressed = useRef(keys);
  useEffect(() => {
    pressed.current = keys;
  });
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      const act = pressed.current[event.key];
      if (!act || event.altKey || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      act();
    };
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  }, []);
  const fitted = {
    '--width': `${width}px`,
    '--ratio': width / height,
    transform: `translate(${look.x}px, ${look.y}px) scale(${look.scale})`,
  } as CSSProperties;
  const before = knownPicture(id, 'small') ?? placeholder;
  return (
    <>
      <header className={style.head}>
        <span className={style.what}>
          <FileName name={name} />
          <span className={style.place} role="status">
            <span className="heard-only">{name} </span>
            {place}
          </span>
        </span>
        <IconButton label={files.zoomOut} isDisabled={!isNear} onPress={() => zoom(1 / STEP)}>
          <ZoomOut size={19} />
        </IconButton>
        <IconButton label={files.zoomIn} onPress={() => zoom(STEP)}>
          <ZoomIn size={19} />
        </IconButton>
        <IconButton
          label={files.save(name)}
          onPress={() => void saveFile(id).catch((error: unknown) => toast(text(error)))}
        >
          <Download size={19} />
        </IconButton>
        <IconButton label={close} onPress={onClose}>
          <X size={19} />
        </IconButton>
      </header>
      <div ref={stage} className={`${style.stage} ${isNear ? style.isNear : ''}`} {...handlers}>
        <div ref={image} className={style.picture} style={fitted}>
          {!url && before && <img src={before} alt="" draggable={false} />}
          {url && <img src={url} alt={name} draggable={false} />}
        </div>
      </div>
      {previous && (
        <span className={style.previous}>
          <IconButton label={files.previous} onPress={() => go('previous')}>
            <ChevronLeft size={26} />
          </IconButton>
        </span>
      )}
      {next && (
        <span className={style.next}>
          <IconButton label={files.next} onPress={() => go('next')}>
            <ChevronRight size={26} />
          </IconButton>
        </span>
      )}
    </>
  );
};

/** Where the larger of the smaller pictures is; where there is none, or one looks closer, the picture itself, once it is here. */
const useLargest = ({ id, thumbnails }: Picture, isNear: boolean): string | undefined => {
  const hasLarge = thumbnails.some(({ size }) => size === 'large');
  const [large, setLarge] = useState(() => knownPicture(id, 'large'));
  const [itself, setItself] = useState<string>();
  const wantsItself = (isNear || !hasLarge) && itself === undefined;
  useEffect(() => (hasLarge ? takePicture(id, 'large', setLarge) : undefined), [id, hasLarge]);
  useEffect(() => {
    if (!wantsItself) return;
    let isOver = false;
    const fetched = new Image();
    // by a link, which an element can use: it may be large, and is not kept
    api.files.link(id).then(
      ({ url }) => {
        fetched.onload = () => !isOver && setItself(url);
        fetched.src = url;
      },
      // what is shown already stays
      () => undefined,
    );
    return () => {
      isOver = true;
      fetched.src = '';
    };
  }, [id, wantsItself]);
  return itself ?? large;
};

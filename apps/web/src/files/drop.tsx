import { Paperclip } from 'lucide-react';
import { type DragEvent, type HTMLAttributes, type ReactNode, useEffect, useState } from 'react';
import { useMessages } from '../i18n/i18n';
import { toast } from '../ui/toast';
import { bringsFiles, droppedFiles } from './given';
import style from './uploads.module.css';

type Handlers = Pick<HTMLAttributes<HTMLElement>, 'onDragOver' | 'onDragLeave' | 'onDrop'>;

/**
 * Lets one drop files onto an element.
 * @param onFiles undefined where there is nobody to take them
 * @returns what the element must hear, and what stands in it while files are above it
 */
export const useDrop = (
  onFiles: ((files: readonly File[]) => void) | undefined,
): readonly [Handlers, ReactNode] => {
  const { files: words } = useMessages();
  const [isOver, setOver] = useState(false);
  // what is dropped beside it would be opened in the place of this page
  useEffect(() => {
    const keep = (event: globalThis.DragEvent): void => {
      if (event.defaultPrevented || !event.dataTransfer || !bringsFiles(event.dataTransfer)) return;
      event.preventDefault();
      event.dataTransfer.dropEffect = 'none';
    };
    addEventListener('dragover', keep);
    addEventListener('drop', keep);
    return () => {
      removeEventListener('dragover', keep);
      removeEventListener('drop', keep);
    };
  }, []);
  if (!onFiles) return [{}, undefined];
  const handlers: Handlers = {
    onDragOver: (event: DragEvent) => {
      if (!bringsFiles(event.dataTransfer)) return;
      event.preventDefault();
      event.dataTransfer.dropEffect = 'copy';
      setOver(true);
    },
    onDragLeave: ({ currentTarget, relatedTarget }: DragEvent) => {
      if (!(relatedTarget instanceof Node && currentTarget.contains(relatedTarget))) setOver(false);
    },
    onDrop: (event: DragEvent) => {
      if (!bringsFiles(event.dataTransfer)) return;
      event.preventDefault();
      setOver(false);
      const { files, hasFolders } = droppedFiles(event.dataTransfer);
      if (hasFolders) toast(words.noFolders);
      onFiles(files);
    },
  };
  const zone = isOver && (
    <div className={style.over}>
      <span>
        <Paperclip size={20} aria-hidden />
        {words.drop}
      </span>
    </div>
  );
  return [handlers, zone];
};

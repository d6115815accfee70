import type { Attachment } from '@veche/client';
import { Download, File, FileArchive, FileText, Film, Image, type LucideIcon, Music } from 'lucide-react';
import type { ReactNode } from 'react';
import { useProblemText } from '../app/problem';
import { useFormats, useMessages } from '../i18n/i18n';
import { toast } from '../ui/toast';
import { type Kind, kindOf, splitName } from './kinds';
import { saveFile } from './save';
import style from './files.module.css';

export const ICONS: Readonly<Record<Kind, LucideIcon>> = {
  picture: Image,
  video: Film,
  sound: Music,
  document: FileText,
  archive: FileArchive,
  file: File,
};

/** A name that is cut where there is no room for it, but never what says what to open it with. */
export const FileName = ({ name }: { name: string }): ReactNode => {
  const [stem, extension] = splitName(name);
  return (
    <span className={style.name} dir="auto" title={name}>
      <span className={style.stem}>{stem}</span>
      {extension}
    </span>
  );
};

/** What a file is, and how large. */
export const useFacts = (file: Attachment, note?: string): string => {
  const { files } = useMessages();
  const formats = useFormats();
  return [files.kinds[kindOf(file)], formats.bytes(file.size), note].filter(Boolean).join(' · ');
};

interface FileCardProps {
  file: Attachment;
  tabIndex: number;
  /** What else there is to say. */
  note?: string;
}

/** A file that is nothing to look at: what it is, and the way to have it. */
export const FileCard = ({ file, tabIndex, note }: FileCardProps): ReactNode => {
  const { files } = useMessages();
  const facts = useFacts(file, note);
  const text = useProblemText();
  const Icon = ICONS[kindOf(file)];
  const save = (): void => void saveFile(file.id).catch((error: unknown) => toast(text(error)));
  return (
    <button type="button" className={style.card} tabIndex={tabIndex} onClick={save}>
      <span className="heard-only">{`${files.save(file.name)} (${facts})`}</span>
      <span className={style.icon}>
        <Icon size={20} aria-hidden />
      </span>
      <span className={style.what} aria-hidden>
        <FileName name={file.name} />
        <span className={style.facts}>{facts}</span>
      </span>
      <Download size={18} aria-hidden />
    </button>
  );
};

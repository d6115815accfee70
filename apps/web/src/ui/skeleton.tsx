import type { ReactNode } from 'react';
import style from './skeleton.module.css';

/** The place of something that is on its way, in the size that it will have. */
export const Skeleton = ({ width, height }: { width: string; height: string }): ReactNode => (
  <span className={style.skeleton} style={{ width, height }} aria-hidden />
);

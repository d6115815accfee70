// The process that looks into files: what strangers have made is taken apart in here, and nowhere else.
import { fileTypeFromFile } from 'file-type';
import { stat } from 'node:fs/promises';
import sharp, { type Metadata, type Sharp } from 'sharp';
import type { Job, Seen, SeenFile } from './looking';

/** Beyond it the process ends, and the file with it. */
const MOST_MEMORY = 800 * 1024 * 1024;
const MEMORY_EVERY_MS = 50;
/** Of one picture, and of all pictures of an animation together. */
const MOST_PIXELS = 64_000_000;
const MOST_PIXELS_OF_ALL = 128_000_000;
const SECONDS = 20;

const SIZES = { small: 400, large: 1_600 } as const;
const PLACEHOLDER = 16;

/** Pictures that are written again, and as what. */
const WRITTEN: Readonly<Record<string, 'jpeg' | 'png' | 'gif' | 'webp'>> = {
  'image/jpeg': 'jpeg',
  'image/png': 'png',
  'image/gif': 'gif',
  'image/webp': 'webp',
  // as good, and in a tenth of the time
  'image/avif': 'webp',
};

const written = (picture: Sharp, format: 'jpeg' | 'png' | 'gif' | 'webp'): Sharp => {
  switch (format) {
    case 'jpeg':
      return picture.jpeg({ quality: 88 });
    case 'png':
      return picture.png({ compressionLevel: 7 });
    case 'gif':
      return picture.gif({ effort: 3 });
    case 'webp':
      return picture.webp({ quality: 88, effort: 3 });
  }
};

const requireBounds = ({ width, height, pageHeight, pages = 1 }: Metadata): void => {
  const pixels = width * (pageHeight ?? height);
  if (pixels > MOST_PIXELS || pixels * pages > MOST_PIXELS_OF_ALL) throw new Error('too many pixels');
};

const picture = async (
  path: string,
  into: string,
  format: 'jpeg' | 'png' | 'gif' | 'webp',
): Promise<Seen> => {
  const bounds = { limitInputPixels: MOST_PIXELS_OF_ALL, failOn: 'error' } as const;
  const all = await sharp(path, { ...bounds, animated: true }).metadata();
  requireBounds(all);
  const animated = (all.pages ?? 1) > 1;
  // upright as its camera said, since that is taken out with everything else that it said; in sRGB
  const open = (): Sharp => {
    const opened = sharp(path, { ...bounds, animated, sequentialRead: true }).timeout({ seconds: SECONDS });
    return animated ? opened : opened.autoOrient();
  };
  const files: SeenFile[] = [];
  const write = async (image: Sharp, variant?: 'small' | 'large') => {
    const file = variant ? `${into}.${variant}` : into;
    const { width, height, pageHeight } = await image.toFile(file);
    files.push({ path: file, size: (await stat(file)).size, ...(variant && { variant }) });
    return { width, height: pageHeight ?? height };
  };
  const { width, height } = await write(written(open(), format));
  const thumbnails: Seen['details']['thumbnails'] = [];
  for (const [size, most] of Object.entries(SIZES) as ['small' | 'large', number][]) {
    if (size === 'large' && Math.max(width, height) <= most) continue;
    const smaller = open()
      .resize({ width: most, height: most, fit: 'inside', withoutEnlargement: true })
      .webp({ quality: 78, effort: 3 });
    thumbnails.push({ size, ...(await write(smaller, size)) });
  }
  const few = await sharp(path, { ...bounds, pages: 1 })
    .timeout({ seconds: SECONDS })
    .autoOrient()
    .resize({ width: PLACEHOLDER, height: PLACEHOLDER, fit: 'inside' })
    .webp({ quality: 40, effort: 3 })
    .toBuffer();
  const placeholder = `data:image/webp;base64,${few.toString('base64')}`;
  return { files, details: { type: `image/${format}`, width, height, placeholder, thumbnails } };
};

const look = async ({ path, into }: Job): Promise<Seen> => {
  const type = (await fileTypeFromFile(path).catch(() => undefined))?.mime ?? 'application/octet-stream';
  const format = WRITTEN[type];
  return format ? picture(path, into, format) : { files: [], details: { type, thumbnails: [] } };
};

sharp.cache(false);
sharp.concurrency(1);
setInterval(() => {
  if (process.memoryUsage.rss() > MOST_MEMORY) process.exit(1);
}, MEMORY_EVERY_MS).unref();

process.on('message', (job: Job) => {
  look(job).then(
    (seen) => process.send?.({ seen }),
    () => process.send?.({}),
  );
});
// its gateway is gone
process.on('disconnect', () => process.exit(0));

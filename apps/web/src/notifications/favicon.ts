const SIZE = 64;
let mark: Promise<HTMLImageElement> | undefined;
let wanted = 0;

const loadMark = (): Promise<HTMLImageElement> =>
  (mark ??= new Promise((resolve, reject) => {
    const image = new Image(SIZE, SIZE);
    image.onload = () => resolve(image);
    image.onerror = () => reject(new Error('there is no favicon'));
    image.src = '/favicon.svg';
  }));

const draw = (image: HTMLImageElement, count: number): string => {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = SIZE;
  const pen = canvas.getContext('2d');
  if (!pen) return image.src;
  pen.drawImage(image, 0, 0, SIZE, SIZE);
  pen.fillStyle = '#d5392f';
  pen.beginPath();
  pen.arc(44, 20, 20, 0, 2 * Math.PI);
  pen.fill();
  pen.fillStyle = '#fff';
  pen.font = '700 28px system-ui, sans-serif';
  pen.textAlign = 'center';
  pen.textBaseline = 'middle';
  pen.fillText(count > 9 ? '9+' : String(count), 44, 22);
  return canvas.toDataURL('image/png');
};

/** Puts the number of what is unread on the favicon; 0 takes it away. */
export const showBadge = (count: number): void => {
  wanted = count;
  const link = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
  if (!link) return;
  const plain = (): void => {
    link.type = 'image/svg+xml';
    link.href = '/favicon.svg';
  };
  if (count === 0) return plain();
  loadMark().then((image) => {
    if (wanted !== count) return;
    link.type = 'image/png';
    link.href = draw(image, count);
  }, plain);
};

import type { Attachment } from '@veche/client';
import { Refused, type Answer, type Rest } from './rest';

export interface Upload {
  id: string;
  name: string;
  size: number;
  offset: number;
  attachment?: Attachment;
}

export const OFFSET_STREAM = 'application/offset+octet-stream';
const TUS = { 'tus-resumable': '1.0.0' };

const good = <T>(call: string, answer: Answer<T>): Answer<T> => {
  if (answer.status < 300) return answer;
  const problem = answer.body as { code?: string };
  throw new Refused(call, problem.code ?? '', problem, answer.status);
};

export const named = (name: string): string => `filename ${Buffer.from(name).toString('base64')}`;

/** @throws Refused */
export const beginUpload = async (rest: Rest, name: string, size: number): Promise<Upload> =>
  good(
    'POST /uploads',
    await rest.request<Upload>('POST', '/uploads', {
      headers: { ...TUS, 'upload-length': String(size), 'upload-metadata': named(name) },
    }),
  ).body;

/** @returns how far it is then. @throws Refused */
export const append = async (rest: Rest, id: string, offset: number, bytes: Uint8Array): Promise<number> => {
  const answer = good(
    'PATCH /uploads',
    await rest.request('PATCH', `/uploads/${id}`, {
      body: bytes,
      headers: { ...TUS, 'content-type': OFFSET_STREAM, 'upload-offset': String(offset) },
      timeoutMs: 60_000,
    }),
  );
  return Number(answer.headers.get('upload-offset'));
};

/** A file as a whole, by two requests. @throws Refused */
export const upload = async (rest: Rest, name: string, bytes: Uint8Array): Promise<Attachment> => {
  const { id } = await beginUpload(rest, name, bytes.length);
  if (bytes.length > 0) await append(rest, id, 0, bytes);
  const { attachment } = await rest.get<Upload>(`/uploads/${id}`);
  if (!attachment) throw new Error('all bytes are there, and no attachment');
  return attachment;
};

export const download = async (
  rest: Rest,
  path: string,
  headers: Record<string, string> = {},
): Promise<{ status: number; headers: Headers; bytes: Buffer }> => {
  const url = path.startsWith('/api/') ? rest.gateway + path : `${rest.gateway}/api/v1${path}`;
  const authorization: Record<string, string> =
    rest.token === undefined ? {} : { authorization: `Bearer ${rest.token}` };
  const response = await fetch(url, {
    headers: { ...authorization, ...headers },
    signal: AbortSignal.timeout(30_000),
  });
  return {
    status: response.status,
    headers: response.headers,
    bytes: Buffer.from(await response.arrayBuffer()),
  };
};

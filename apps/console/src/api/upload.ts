import { createGreenroom, type Greenroom } from '@greenroom/client';

import { addresses } from './addresses.ts';
import { currentSignIn, dropRejected } from './sign-in.ts';

/** Returns a client for an upload with the key in use. It reports the part of the body sent so far, from 0 to 1. */
export function greenroomForUpload(onProgress: (part: number) => void): Greenroom {
  const signIn = currentSignIn();
  const apiKey = signIn?.keys[signIn.mode] ?? 'none';
  const send = dropRejected(apiKey, (request) => sendWithProgress(request, onProgress));
  return createGreenroom({ apiKey, baseUrl: addresses.api, fetch: send });
}

/** Sends a request with `XMLHttpRequest`: `fetch` does not report upload progress. */
async function sendWithProgress(request: Request, onProgress: (part: number) => void): Promise<Response> {
  const body = await request.blob();
  return new Promise((resolve, reject) => {
    const sending = new XMLHttpRequest();
    sending.open(request.method, request.url);
    sending.responseType = 'blob';
    for (const [name, value] of request.headers) {
      if (!BROWSER_HEADERS.has(name)) sending.setRequestHeader(name, value);
    }
    sending.upload.onprogress = ({ loaded, total, lengthComputable }) => {
      if (lengthComputable) onProgress(loaded / total);
    };
    sending.onload = () => {
      const { status } = sending;
      const response = status === 204 ? null : (sending.response as Blob);
      resolve(new Response(response, { status, headers: responseHeaders(sending) }));
    };
    sending.onerror = () => reject(new TypeError('Failed to send'));
    sending.onabort = () => reject(new DOMException('The upload was canceled.', 'AbortError'));
    request.signal.addEventListener('abort', () => sending.abort());
    sending.send(body);
  });
}

/** Headers that pages may not set. */
const BROWSER_HEADERS = new Set(['user-agent']);

function responseHeaders(received: XMLHttpRequest): [name: string, value: string][] {
  const lines = received.getAllResponseHeaders().trim().split('\r\n');
  return lines.map((line) => {
    const [name = '', ...values] = line.split(': ');
    return [name, values.join(': ')];
  });
}

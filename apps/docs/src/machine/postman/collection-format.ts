/** The parts of Postman's collection format 2.1 that the collection uses. */
export interface Collection {
  info: { name: string; description: string; version: string; schema: string };
  auth: Auth;
  variable: Variable[];
  item: Folder[];
}

export interface Folder {
  name: string;
  description: string;
  item: Item[];
}

export interface Item {
  id: string;
  name: string;
  request: Request;
  response: SavedResponse[];
}

export interface Request {
  method: string;
  description: string;
  url: Url;
  header: Parameter[];
  body?: Body;
  /** Overrides the collection's authentication. */
  auth?: Auth;
}

export interface Url {
  raw: string;
  host: string[];
  path: string[];
  query: Parameter[];
  /** Values of the segments that begin with a colon. */
  variable: Parameter[];
}

export interface Parameter {
  key: string;
  value: string;
  description?: string;
  disabled?: boolean;
}

export type Body =
  | { mode: 'raw'; raw: string; options: { raw: { language: 'json' } } }
  | { mode: 'formdata'; formdata: FormParameter[] };

export type FormParameter =
  { key: string; type: 'text'; value: string } | { key: string; type: 'file'; src: string };

export interface SavedResponse {
  name: string;
  originalRequest: Request;
  code: number;
  status: string;
  header: Parameter[];
  body: string;
}

export type Auth = { type: 'noauth' } | { type: 'bearer'; bearer: Variable[] };

export interface Variable {
  key: string;
  value: string;
  type: 'string';
}

export const COLLECTION_SCHEMA = 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json';

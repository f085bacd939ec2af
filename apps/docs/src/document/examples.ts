import { resolve, type Example, type MediaType, type OpenApiDocument } from './openapi-document.ts';

/** The examples of a body by their names. */
export function examplesOf(
  document: OpenApiDocument,
  media: MediaType | undefined,
): { name: string; summary: string; value: unknown }[] {
  return Object.entries(media?.examples ?? {}).map(([name, node]) => {
    const { summary = name, value } = resolve<Example>(document, node);
    return { name, summary, value };
  });
}

export function json(value: unknown): string {
  return JSON.stringify(value, null, 2);
}

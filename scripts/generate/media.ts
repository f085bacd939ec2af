import type { OpenApiDocument, Schema } from '@greenroom/contract/document';

/** Returns the module with the path and the subprotocol at which a worker serves the media of a session. */
export function mediaModule({ components: { schemas } }: OpenApiDocument): string {
  const property = (schema: string, name: string) =>
    schemas[schema]?.properties?.[name] as Schema | undefined;
  const path = property('WorkerCreate', 'media_url')?.['x-media-path'];
  const protocol = property('PipecatRelay', 'protocol')?.['const'];
  if (path === undefined || protocol === undefined) {
    throw new Error(
      'The media_url of WorkerCreate or the protocol of PipecatRelay lacks what it must state.',
    );
  }
  return [
    `export const mediaPath = ${JSON.stringify(path)};`,
    `export const mediaProtocol = ${JSON.stringify(protocol)};`,
  ].join('\n\n');
}

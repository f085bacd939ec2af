import { resolveLocal } from './reachable-schemas.js';

/**
 * Writes the bodies of webhooks where they are used, in the public document. Generators leave out the components that no
 * path uses, and some then refer to a type that they have not made.
 */
export function inlineWebhookBodies() {
  return {
    Root: {
      leave(document) {
        for (const { post } of Object.values(document.webhooks ?? {})) {
          for (const media of Object.values(post.requestBody.content)) {
            media.schema = { ...resolveLocal(document, media.schema) };
          }
        }
      },
    },
  };
}

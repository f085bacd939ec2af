import { resolveLocal } from './reachable-schemas.js';

/**
 * Inlines the bodies of webhooks in the public document. Generators leave out components that no path uses, and some
 * then refer to a missing type.
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

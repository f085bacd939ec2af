import type { Block } from '../blocks/block.ts';

/** One page of the site. */
export interface Page {
  /** Its address inside the site: begins and ends with `/`. */
  path: string;
  title: string;
  /** One sentence, for search results and previews; Markdown. */
  description: string;
  /** The name of the part of the site that it belongs to. */
  section: string;
  blocks: Block[];
  /** Samples and examples, shown next to the text on wide screens. */
  aside?: Block[];
  /** Search terms that are not in the text, such as the path of an operation. */
  keywords?: string[];
}

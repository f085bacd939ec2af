import type { Block } from '../blocks/block.ts';

/** One page of the site. */
export interface Page {
  /** Its address inside the site: begins and ends with `/`. */
  path: string;
  title: string;
  /** One sentence, for search results and previews; Markdown. */
  description: string;
  /** The part of the site it belongs to, as the reader is told it. */
  section: string;
  blocks: Block[];
  /** Samples and examples, next to the text where there is room. */
  aside?: Block[];
  /** Words to be found by that the text does not have, such as the path of an operation. */
  keywords?: string[];
}

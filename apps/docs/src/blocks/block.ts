import type { Code } from '../markdown/code-block.ts';

/**
 * A part of a page. Each kind is rendered as HTML for browsers and as Markdown for programs and terminals.
 * Texts are Markdown. Links inside the site begin with `/`, and are made relative when a page is written.
 */
export type Block =
  | { kind: 'prose'; text: string }
  | { kind: 'heading'; level: 2 | 3; text: string; id?: string }
  | { kind: 'facts'; facts: Fact[] }
  | { kind: 'fields'; fields: Field[] }
  | { kind: 'code'; code: Code }
  | { kind: 'tabs'; label: string; tabs: Code[] }
  | { kind: 'endpoint'; method: string; path: string; tryHref: string }
  | { kind: 'cards'; cards: Card[] }
  /** Links that look like buttons; the first is the most important. */
  | { kind: 'actions'; actions: Omit<Card, 'text'>[] }
  | { kind: 'steps'; steps: Omit<Card, 'href'>[] }
  /** Lists of links side by side. */
  | { kind: 'groups'; groups: LinkGroup[] }
  | { kind: 'links'; links: Link[] }
  /** Blocks that are folded until a reader opens them. */
  | { kind: 'details'; summary: string; blocks: Block[] }
  | { kind: 'gallery'; pictures: Picture[] }
  | { kind: 'figure'; svg: string; caption: string };

export interface Fact {
  label: string;
  text: string;
}

/** A parameter, a header or a property. */
export interface Field {
  name: string;
  type: string;
  required: boolean;
  deprecated: boolean;
  /** Short phrases with the bounds and the default. */
  notes: string[];
  text: string;
  /** The nested fields. */
  children: Field[];
}

export interface Picture {
  /** The address of the file. */
  src: string;
  caption: string;
}

export interface Card {
  title: string;
  href: string;
  text: string;
}

export interface LinkGroup {
  title: string;
  links: Omit<Card, 'text'>[];
}

export interface Link {
  title: string;
  href: string;
  text: string;
  /** A word before the title, such as a method or a status. */
  tag?: string;
}

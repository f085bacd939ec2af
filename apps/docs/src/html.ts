/** Text that is HTML. Only `html` and `raw` create it. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  toString(): string {
    return this.text;
  }
}

type Insertable = Html | string | number | null | false | readonly Insertable[];

/** Builds HTML from a template. Escapes the values, except HTML and lists of it. */
export function html(parts: TemplateStringsArray, ...holes: Insertable[]): Html {
  return new Html(parts.reduce((text, part, index) => text + inserted(holes[index - 1] ?? null) + part));
}

/** Marks the output of another renderer as HTML. */
export function raw(text: string): Html {
  return new Html(text);
}

export function escaped(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

function inserted(value: Insertable): string {
  if (value === null || value === false) return '';
  if (value instanceof Html) return value.text;
  if (typeof value === 'object') return value.map(inserted).join('');
  return escaped(String(value));
}

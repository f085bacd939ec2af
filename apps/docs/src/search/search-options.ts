/** The options of the search, the same for building the index and for queries. */
export const SEARCH_OPTIONS = {
  fields: ['title', 'keywords', 'headings', 'text'],
  storeFields: ['path', 'title', 'section', 'text'],
  idField: 'path',
  // Ids and paths match as a whole and by their parts: `sessions.list`, `/v1/sessions`.
  tokenize: (text: string) => {
    const words = text.split(/[\s,;:()[\]{}"'`]+/).filter((word) => word !== '');
    return [...words, ...words.flatMap((word) => (/[./_-]/.test(word) ? word.split(/[./_-]+/) : []))].filter(
      (word) => word !== '',
    );
  },
  searchOptions: {
    boost: { title: 4, keywords: 5, headings: 2 },
    prefix: true,
    fuzzy: 0.15,
    combineWith: 'AND' as const,
  },
};

export interface SearchHit {
  path: string;
  title: string;
  section: string;
  text: string;
}

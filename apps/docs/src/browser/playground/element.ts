/**
 * Returns the element of the page that matches a selector.
 *
 * @throws {Error} when the page has no such element
 */
export function element<E extends Element>(selector: string, type: new () => E): E {
  const found = document.querySelector(selector);
  if (!(found instanceof type)) throw new Error(`The page has no ${selector}.`);
  return found;
}

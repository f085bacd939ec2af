/**
 * Returns the fields of an object as a form, with `Blob` and `File` values as its files.
 *
 * @throws {TypeError} when a value is neither a string nor a file
 */
export function toFormData(body: unknown): FormData {
  if (typeof body !== 'object' || body === null) throw new TypeError('The body must be an object.');
  const form = new FormData();
  for (const [name, value] of Object.entries(body) as [string, unknown][]) {
    if (value === undefined) continue;
    if (typeof value !== 'string' && !(value instanceof Blob)) {
      throw new TypeError(`${name} must be a string, a Blob or a File.`);
    }
    form.append(name, value);
  }
  return form;
}

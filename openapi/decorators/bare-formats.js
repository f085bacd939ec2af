/**
 * Removes pattern and lengths from date-times and files in the public document. Generated clients parse such values
 * before they check them, and some then match the pattern against a date object, or count the characters of a file.
 */
export function bareFormats() {
  return {
    Schema: {
      leave(schema) {
        if (!['date-time', 'binary'].includes(schema.format)) return;
        for (const keyword of ['pattern', 'minLength', 'maxLength']) delete schema[keyword];
      },
    },
  };
}

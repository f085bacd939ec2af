/**
 * Removes `allowReserved` from the public document. The server accepts reserved characters as they are, but a client
 * that sent them unencoded would have its `+` read as a space and its `&` as the next parameter.
 */
export function dropAllowReserved() {
  return {
    Parameter: {
      leave(parameter) {
        delete parameter.allowReserved;
      },
    },
  };
}

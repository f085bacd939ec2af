/** Removes the extensions that only the server reads, listed in `names`, from the public document. */
export function dropExtensions({ names }) {
  return {
    any: {
      leave(node) {
        for (const name of names) delete node[name];
      },
    },
  };
}

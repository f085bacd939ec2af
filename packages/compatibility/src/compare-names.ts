/** Returns the names that both lists have, and those that only one has. */
export function compareNames(before: Iterable<string>, after: Iterable<string>) {
  const [old, current] = [new Set(before), new Set(after)];
  return {
    removed: [...old].filter((name) => !current.has(name)),
    added: [...current].filter((name) => !old.has(name)),
    kept: [...old].filter((name) => current.has(name)),
  };
}

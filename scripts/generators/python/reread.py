"""Reads the bodies of a file of cases with a generated client and writes them again, a line for each."""

import json
from collections.abc import Callable


def reread(cases_file: str, one: Callable[[str, object], object]) -> None:
    """Prints the result of `one`, which is given the name of a schema and a body, for each case."""
    with open(cases_file, encoding="utf-8") as file:
        cases = json.load(file)
    for case in cases:
        items = case["items"]
        try:
            written = (
                one(case["schema"], case["body"])
                if items is None
                else [one(items, item) for item in case["body"]]
            )
            print("ok", json.dumps(written, separators=(",", ":")))
        except Exception as error:  # Whatever a client raises is the result.
            print("error", json.dumps(f"{type(error).__name__}: {error}"))

"""Runs a sample, so that what it prints can be read by a program: each value on one line, as JSON."""

import builtins
import json
import runpy
import sys

write = builtins.print
builtins.print = lambda value: write(value if isinstance(value, str) else json.dumps(value))
runpy.run_path(sys.argv[1], run_name="__main__")

"""`python -m bancada.engine.runner JOB`: compute one job and write its result beside it."""

from __future__ import annotations

import sys

from bancada.engine.runner._program import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

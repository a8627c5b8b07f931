"""The command `society`, begun in a process that has the program loaded: that is more than half of a start."""

import os
import sys
from collections.abc import Mapping, Sequence
from multiprocessing.connection import Connection

from society import cli


def society(arguments: Sequence[str], environment: Mapping[str, str], said: Connection) -> None:
    """Run it with these arguments; what it prints goes into the pipe."""
    os.environ.clear()
    os.environ.update(environment)
    os.dup2(said.fileno(), sys.stdout.fileno())
    sys.argv = ["society", *arguments]
    cli.main()

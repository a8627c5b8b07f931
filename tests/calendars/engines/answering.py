"""How a reader in Python answers: a calendar as a JSON string on each line in, its meaning as JSON on each out."""

import json
import sys
from collections.abc import Callable
from typing import Any


def answer_each_line(read: Callable[[str], dict[str, Any]]) -> None:
    for line in sys.stdin:
        try:
            answer = read(json.loads(line))
        except Exception as error:  # the one who asks is told of it
            answer = {"error": f"{type(error).__name__}: {error}"}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()

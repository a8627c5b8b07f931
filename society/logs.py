"""Logs: one JSON object a line on stderr, for `journalctl`, `jq` and people alike."""

import json
import logging
import sys
from datetime import UTC, datetime
from typing import Any

_OWN = {*logging.makeLogRecord({}).__dict__, "message"}


class OneLine(logging.Formatter):
    """A record as JSON: time, level, logger, message, whatever `extra` brought, and a traceback where there is one."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "from": record.name,
            "what": record.getMessage(),
        }
        line.update({key: value for key, value in record.__dict__.items() if key not in _OWN})
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)


def log_to_stderr(level: int = logging.INFO) -> None:
    """Send everything this program says to stderr; libraries speak from warnings up."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(OneLine())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("society").setLevel(level)

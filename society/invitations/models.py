"""Which mail has been read already."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from society.db import Model


class ReceivedMessage(Model):
    """A message that was dealt with: a mail server that hands it over twice changes nothing the second time."""

    __tablename__ = "received_message"

    digest: Mapped[str] = mapped_column(String(64), unique=True)
    """SHA-256 of its Message-ID or, without one, of all of it."""
    received_at: Mapped[datetime]

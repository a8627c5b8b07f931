"""Handing messages over into a folder, where no mail server is set."""

import os
from pathlib import Path

from society.mail.parcels import Act, Parcel, Unreachable, nothing


class Folder:
    """Messages as `.eml` files, each readable by the owner alone. The same letter always gets the same name."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def announce(self, parcel: Parcel) -> None:
        """A folder needs to know of nothing beforehand."""

    def carry(self, parcel: Parcel, meanwhile: Act = nothing, leaving: Act = nothing) -> None:
        unfinished = self.path / f".{parcel.file_name}.{os.getpid()}"
        try:
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
                file.write(parcel.body)
                file.flush()
                os.fsync(file.fileno())
            unfinished.rename(self.path / parcel.file_name)
        except OSError as error:
            raise Unreachable(f"The outbox folder cannot be written to: {error}.") from error

    def close(self) -> None:
        """Nothing is held open."""

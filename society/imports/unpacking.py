"""What a server answers packed (RFC 9110, 8.4.1), though it was asked for as it is."""

import zlib

from society.errors import Refused


class Unpacked:
    """What comes of it part by part; never more at once than is wanted, however much is packed into a little."""

    def __init__(self, encoding: str) -> None:
        self._how = encoding.strip().lower()
        if self._how not in ("", "identity", "gzip", "x-gzip", "deflate"):
            raise Refused(f"The server packs its answer in a way that it was not asked for: {self._how[:20]}.")
        self._packed = zlib.decompressobj(zlib.MAX_WBITS | 32) if self._how not in ("", "identity") else None

    def more(self, part: bytes, most: int) -> bytes:
        """What another part of it holds, up to so many bytes."""
        if self._packed is None:
            return part
        try:
            return self._packed.decompress(part, most)
        except zlib.error as error:
            raise Refused("The server's answer is packed in a way that cannot be read.") from error

    def end(self) -> None:
        """Raises Refused if there should be more of it."""
        if self._packed is not None and not self._packed.eof:
            raise Refused("The server stopped in the middle of its answer.")

"""How much may be sent at once, and what becomes of a form whose files are more than that."""

from io import BytesIO
from typing import IO, Any, TypeAlias, cast

from flask import Request
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

BESIDE = 64 * 1024
"""Bytes that are left for the other fields of a form with a file."""
READ_ON = 4
"""How many times as much as is taken is read all the same, without being kept."""

Sent: TypeAlias = tuple[MultiDict[str, str], MultiDict[str, FileStorage]]
"""A form and its files."""


class _Nowhere(BytesIO):
    """An empty file that stays empty."""

    def write(self, data: Any, /) -> int:
        return memoryview(data).nbytes


class BoundedRequest(Request):
    """A request that is read on to its end where its files are too large: the answer comes when all has been sent (a
    browser that is cut off shows a page of its own), and with what was typed beside them.

    Whoever asks for its form is refused, each time: what somebody else has asked for in vain is no smaller form.
    """

    beside: Sent | None = None
    """What came with files that are too large, which are empty here."""
    _refused: type[HTTPException] | None = None
    _drops_files = False

    def _load_form_data(self) -> None:
        if self._refused is not None:
            raise self._refused
        if "form" in self.__dict__:
            return
        self._read_on()
        try:
            super()._load_form_data()
            if self._drops_files:
                self.beside = self.__dict__.pop("form"), self.__dict__.pop("files")
                raise RequestEntityTooLarge
        except HTTPException as error:  # what is left of the stream is no form
            self._refused = type(error)
            raise

    def _read_on(self) -> None:
        most, length = self.max_content_length, self.content_length
        if most is not None and length is not None and length > most and self.mimetype == "multipart/form-data":
            self._drops_files = True
            self.max_content_length = most * READ_ON

    def _get_file_stream(self, *given: Any, **named: Any) -> IO[bytes]:
        return _Nowhere() if self._drops_files else super()._get_file_stream(*given, **named)


def brought_by(request: Request) -> Sent:
    """The form and the files that it brought, to be given back: also of one that is refused for its files. Raises
    what its `form` raises if there is nothing."""
    try:
        return request.form, request.files
    except RequestEntityTooLarge:
        if beside := getattr(request, "beside", None):
            return cast(Sent, beside)
        raise

"""One gzip stream of pieces that are packed apart."""

import gzip
import zlib

from hypothesis import given
from hypothesis import strategies as st

from society.packing import Piece, gzipped

OCTETS = st.builds(bytes.__mul__, st.binary(max_size=40), st.sampled_from([0, 1, 3, 2_000]))


@given(st.lists(OCTETS, max_size=6))
def test_the_stream_is_one_and_unpacks_to_the_pieces_in_a_row(whole: list[bytes]) -> None:
    stream = b"".join(gzipped([Piece(octets) for octets in whole]))

    reader = zlib.decompressobj(16 + zlib.MAX_WBITS)  # which knows of no second member
    assert reader.decompress(stream) == b"".join(whole)
    assert reader.eof
    assert not reader.unused_data


def test_a_piece_is_packed_once_however_often_it_is_sent() -> None:
    piece, other = Piece(b"the same " * 1_000), Piece(b"another")

    first, again = gzipped([piece]), gzipped([other, piece])
    assert any(part is first[1] for part in again)
    assert gzip.decompress(b"".join(again)) == other.body + piece.body

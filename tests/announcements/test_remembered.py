"""What many readers of one announcement ask for is looked for once, and forgotten."""

from society.announcements.remembered import once, remembering


def test_what_is_asked_again_while_a_text_is_read_is_looked_for_once_and_forgotten_afterwards():
    looked = []

    @once
    def capitals(text, *, of=""):
        looked.append((text, of))
        yield from (letter for letter in text if letter.isupper())

    with remembering():
        assert capitals("Ada") == capitals("Ada") == ("A",)
        assert capitals("Ada", of="Ada") == ("A",)
        assert looked == [("Ada", ""), ("Ada", "Ada")]
    capitals("Ada")
    capitals("Ada")
    assert len(looked) == 4

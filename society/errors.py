"""What the program says when it says no."""


class Refused(Exception):
    """A rule says no; the message is a whole sentence for the person who asked.

    Raised anywhere below the routes. The web turns it into a page with status 409, a command into one line
    on stderr with exit 1; either way the transaction is rolled back first.
    """

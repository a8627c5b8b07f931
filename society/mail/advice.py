"""What can be done when a mail server cannot be reached or says no, in words for whoever has set it up."""

import smtplib
import socket
import ssl

UNKNOWN_NAME = "There is no server of that name. Look for a slip in SOCIETY_MAIL_URL."
NOBODY_LISTENS = (
    "Nobody answers at that port. Submission is mostly at port 587, or at 465 with smtps://; "
    "many hosting companies close port 25."
)
NO_TRUST = (
    "The certificate does not belong to that name, has run out, or comes from nobody we know. "
    "Use the server's name as its provider writes it."
)
NO_TLS = "Encryption failed. For port 465 the address begins with smtps://, for 587 and 25 with smtp://."
UNENCRYPTED = "Use a port on which the server encrypts: 587, or 465 with smtps://."
NOT_SIGNED_IN = (
    "The server does not accept the name and password in SOCIETY_MAIL_URL. Signs such as @ : / in them are written "
    "as %40, %3A, %2F; some providers ask for a password made for programs."
)
NO_SIGN_IN = "The server offers no sign-in. Leave name and password out of SOCIETY_MAIL_URL, or use its other port."
SIGN_IN_FIRST = "The server wants us to sign in. Put name and password into SOCIETY_MAIL_URL."
IN_ASCII = "Letters to all other addresses are not concerned."
SENDER = "The server does not let us write from the society's address. Set one that belongs to that account."
RECIPIENT = "The server does not take mail for that address. Try another one; if it takes none, sign in to it."
LETTER = "The server took the addresses and then refused the letter; its answer says why."
HUNG_UP = "The server ended the conversation. What it said last says why; a wrong port does this too."
SILENT = "The server is slow or says nothing. A firewall may be in the way, or the port may be the wrong one."
FOLDER = "See that the folder may be written to by the user whom the program runs as."
LIMITED = "Nothing was said to the server: it is left in peace until then, and a test letter counts as any does."
OTHERWISE = "The server's last answer says what is wrong."

_BY_KIND: tuple[tuple[type[BaseException], str], ...] = (
    (socket.gaierror, UNKNOWN_NAME),
    (ConnectionRefusedError, NOBODY_LISTENS),
    (ssl.SSLCertVerificationError, NO_TRUST),
    (ssl.SSLError, NO_TLS),
    (TimeoutError, SILENT),
    (smtplib.SMTPAuthenticationError, NOT_SIGNED_IN),
    (smtplib.SMTPNotSupportedError, NO_SIGN_IN),
    (smtplib.SMTPSenderRefused, SENDER),
    (smtplib.SMTPRecipientsRefused, RECIPIENT),
    (smtplib.SMTPDataError, LETTER),
    (smtplib.SMTPServerDisconnected, HUNG_UP),
    (smtplib.SMTPConnectError, HUNG_UP),
    (ConnectionError, HUNG_UP),
)


def advice(error: Exception, *, expired: bool, longest: float) -> str:
    """What to do about what the transport raised, by what the library had told it."""
    if expired:
        return f"After {longest:g} seconds we gave up. {SILENT}"
    cause = error.__cause__
    if cause is None:
        return UNENCRYPTED
    if getattr(cause, "smtp_code", None) == 530:  # RFC 4954, 6
        return SIGN_IN_FIRST
    if "SMTPUTF8" in str(cause):
        return IN_ASCII
    if "timed out" in str(cause):  # by then the library has made a lost connection of it
        return SILENT
    if isinstance(cause, OSError) and cause.filename is not None:
        return FOLDER
    return next((sentence for kind, sentence in _BY_KIND if isinstance(cause, kind)), OTHERWISE)

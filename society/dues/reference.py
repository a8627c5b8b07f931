"""How a payment says whose it is, and how an account is told to banks: references, and codes for their apps."""

import re
from decimal import Decimal

import segno
from segno.helpers import make_epc_qr
from stdnum import iban, iso11649
from stdnum.iso7064 import mod_97_10

from society.people.models import Person
from society.settings import Society

_DIGITS = 8
"""Of a person's number in a reference: always as many, so that what a bank writes behind it is no part of it."""


def reference(person: Person) -> str:
    """The creditor reference (ISO 11649) that a person puts on every transfer: "RF18 0000 0042"."""
    body = f"{person.id:0{_DIGITS}d}"
    return str(iso11649.format(f"RF{mod_97_10.calc_check_digits(body + 'RF')}{body}"))


def people_named(text: str) -> list[int]:
    """The numbers of the people whose references stand in a text, whatever stands between the characters."""
    run = re.sub(r"[^0-9A-Z]", "", text.upper())
    found = re.findall(rf"(?=(RF[0-9]{{{_DIGITS + 2}}}))", run)
    return list(dict.fromkeys(int(number[4:]) for number in found if iso11649.is_valid(number)))


def spoken_iban(number: str) -> str:
    """In groups of four, as people read it."""
    return str(iban.format(number))


def pay_code(society: Society, amount: int, currency: str, person: Person) -> segno.QRCode | None:
    """What a banking app scans to fill in the transfer (EPC069-12): only for euros, and an account that is set."""
    euros = Decimal(amount).scaleb(-2)
    if not society.iban or currency != "EUR" or not Decimal("0.01") <= euros <= Decimal("999999999.99"):
        return None
    name = (society.account_holder or society.name)[:70]
    given = iso11649.compact(reference(person))
    return make_epc_qr(name, iban.compact(society.iban), euros, reference=given, bic=society.bic or None)

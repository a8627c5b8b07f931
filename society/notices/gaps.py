"""Fields that have become empty since their notice was sent, while letters of it wait to be written anew.

A line that such a field leaves with nothing to say is left out of them (see `merge.closed`). Where more would be
missing, no letter leaves with a hole: what has not left is paused, and its author told of it. Nor is it handed out in
any other form that is made anew, be it a draft or sent.
"""

from datetime import datetime

from society.errors import Refused
from society.mail.actions import write
from society.mail.filling import names
from society.notices.going import pause
from society.notices.letters import shown_subject
from society.notices.merge import UNTIL, WAS, Reader, closed, values
from society.notices.models import Notice
from society.notices.newsletter import told_to
from society.notices.sending import holes, in_charge
from society.notices.versions import main, others


def gaps(notice: Notice, now: datetime) -> list[str]:
    """The fields that would leave a hole in it by now, in whatever language."""
    known = {**values(notice, Reader()), **told_to(notice, None, now)}
    texts = [
        text for said in (main(notice), *others(notice)) for text in (said.subject, closed(notice, said.body, known))
    ]
    return sorted(set().union(*map(names, texts)) - {name for name, value in known.items() if value} - {WAS, UNTIL})


def lacking(notice: Notice, now: datetime) -> list[str]:
    """Why it is not handed out as it stands, a sentence each: of a draft what would keep it from being sent, of a sent
    one what its event has nothing for any more."""
    if notice.sent_at is None:
        return holes(notice, now)
    return [f"Its event has nothing any more for {{{{ {name} }}}}: complete the event." for name in gaps(notice, now)]


def must_be_whole(notice: Notice, now: datetime) -> None:
    """Raises Refused where a form made of it now would have a hole."""
    if wrong := lacking(notice, now):
        raise Refused(f"This notice cannot be handed out as it stands. {' '.join(wrong)}")


def kept_back(notice: Notice, now: datetime) -> bool:
    """Whether it has a hole, and is paused for it."""
    if not (empty := gaps(notice, now)):
        return False
    pause(notice, by=None, now=now)
    fields = ", ".join(f"{{{{ {name} }}}}" for name in empty)
    reason, path = f"notice-kept-back:{notice.id}:{now:%Y%m%d%H%M}", f"/organize/notices/{notice.id}"
    for person in in_charge(notice):
        write(person, "kept_back", reason, now=now, subject=shown_subject(notice), fields=fields, path=path)
    return True

"""The timed work of the post office's process: each chore can be ended at any instant, and repeated.

Each is run at start, every hour, and right after midnight by the society's own clock (see `society.mail.worker`).
"""

from society.dues.renewals import lapse, remind
from society.mail.worker import Chore
from society.records.actions import forget_guests

CHORES: tuple[Chore, ...] = (remind, lapse, forget_guests)

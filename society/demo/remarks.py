"""What people say when they join and of themselves, what secretaries note of them, and why an evening is off."""

WISHES = (
    "Clocks, and anything else that ticks.",
    "The river, before and after the mill.",
    "Local history, but also what lies beyond the hills.",
    "Astronomy. I have a small telescope and a large garden.",
    "Anything that one can argue about afterwards.",
    "Printing, bookbinding, old maps.",
    "Botany; I can help with the autumn walks.",
    "Whatever the others do not want to talk about.",
    "Music before 1800.",
    "Bridges.",
)
ROADS = (
    "A neighbour brought me along.",
    "A poster in the library.",
    "I have been coming as a guest for a year.",
    "The museum's newsletter.",
    "My grandmother was a member.",
    "",
    "I heard the lecture on the weavers' strike, on the radio.",
)
ABOUTS = (
    "Retired surveyor. Knows where the boundary stones are.",
    "Teaches chemistry; sings alto.",
    "Looks after the society's lantern slides.",
    "Keeps bees, and an open mind.",
    "Writes a history of the ferry, slowly.",
    "Glad to give lifts from Northmarsh to evening lectures.",
    "Collects timetables.",
    "Restores clocks; will look at yours.",
)
NOTES = (
    "Prefers letters to mail. Ring before visiting.",
    "Offered to help with the tea rota from autumn.",
    "Pays by standing order under the spouse's name.",
    "Left us a box of lantern slides; thank-you letter sent.",
    "Would speak on hedges if asked nicely.",
    "Uses a wheelchair; keep a place by the west door.",
    "Asked not to be photographed.",
    "Moved house; check the address in spring.",
)
QUESTIONS = (
    ("Which of the evenings could you come to? Most of ours are on Thursdays.", "Thursdays are fine from October on."),
    ("Are you the same person who was a member until some years ago?", "No, that was my aunt. We share the name."),
)
TAGS = ("bulletin by post", "choir", "library key", "speaker", "tea rota", "walks leader")
RESIGNED = ("Moved away.", "", "No time at present.", "Joined the society of another town.", "")
REJECTED = "You asked for another society of a similar name, and we passed your letter on."
WHY_CANCELLED = (
    "Our speaker has fallen ill, and nobody can take the evening over at such short notice.",
    "The boiler of the house has failed, and the rooms cannot be heated before the end of the month.",
    "The bridge is shut for repairs, and there is no other way across.",
)
WHY_POSTPONED = (
    "The trains are not running that day.",
    "Our speaker is held up abroad, and will come as soon as the ferry runs again.",
)

"""Sentences for descriptions and summaries. `{…}` is filled in by `society.demo.wording`."""

OPENINGS = {
    "book": (
        "{speaker} talks about a new book, *{book}*, and about the years that went into it.",
        "With *{book}*, {speaker} has written the book on {topic} that we were waiting for. This is its story.",
        "{speaker} introduces *{book}* and reads from the chapter that nearly had to go.",
        "*{book}* is out at last. {speaker} tells what it took, and what did not fit in.",
        "What does {topic} have to do with {theme}? A good deal, says {speaker}, whose *{book}* has just appeared.",
    ),
    "Lectures": (
        "{speaker} has looked at {topic} for longer than most of us have looked at anything, and brings {source}.",
        "Everybody knows something about {topic}. {speaker} shows that most of it is from a single, mistaken book.",
        "Beginning with {source}, {speaker} follows {topic} to places where nobody had thought of looking.",
        "It is easy to be wrong about {topic}. {speaker} explains how we know what we know.",
        "An illustrated lecture on {topic}, with {source} passed from hand to hand.",
    ),
    "Discussions": (
        "Four short opening statements, then the floor is yours. {speaker} takes the chair and keeps the time.",
        "We have argued about this in the tea queue for a year; tonight we do it properly. {speaker} begins.",
        "{speaker} speaks for, somebody else speaks against, and everybody may change sides once.",
        "Is this about money, about {theme}, or about habit? {speaker} asks people who have had to decide.",
    ),
    "Excursions": (
        "We meet in good time and walk at the pace of the slowest, who usually knows the most. {speaker} leads.",
        "Stout shoes, a packed lunch and some curiosity about {topic} are all that is needed.",
        "About nine miles, with stops wherever {speaker} finds something. There is always something.",
        "A day out to {place}, whatever the weather. {speaker} has the key to the gate.",
    ),
    "Workshops": (
        "No experience is needed. Tools and material are here; bring an apron and your patience.",
        "{speaker} shows how it is done, then does it again slowly, then it is your turn.",
        "In a small group with {speaker}: by the end everybody has made one thing, and understood why it is crooked.",
    ),
    "Reading circle": (
        "We read in advance, or not, and talk. {speaker} has prepared three questions, of which we shall manage one.",
        "Two readers, one text, and a rule: nobody says “obviously”.",
        "Newcomers are welcome at any chapter. {speaker} sums up what has happened so far in five minutes.",
    ),
    "Exhibitions": (
        "Drawn from our own archive and from loans by members, with {source} shown for the first time.",
        "A small room, well lit. {speaker} gives a tour on the first afternoon.",
        "Everything on show was found within three miles of the museum.",
    ),
    "Music and readings": (
        "Music and short readings in turn, an hour and a half with an interval.",
        "{speaker} reads between the pieces, from {source}.",
        "Candles are lit, telephones are not. The programme is chosen around {theme}.",
    ),
    "Members' meetings": (
        "For members. Reports are short, the discussion is not, and there is cake.",
        "What shall we do next {season}? Bring a name, a subject, or an objection.",
        "Members bring something and say a few words about it. {speaker} begins with {source}.",
    ),
}

TURNS = (
    "The talk begins with {source} and ends, by way of {theme}, close to home.",
    "Along the way we meet a bankrupt, two bishops and a very determined widow.",
    "If you have something in a drawer that bears on {topic}, please bring it.",
    "It is a story about {theme} as much as about {topic}.",
    "The material comes from a collection that has been closed since 1923.",
    "Those who came to the evening on {other} will hear the other side of it.",
    "Expect {source}, one strong opinion, and a map.",
    "We begin on time and end on time; in between, {theme}.",
)

ASIDES = (
    "Nothing is assumed; much is questioned.",
    "There will be time for questions, and for answers to some of them.",
    "Children from ten are welcome, and ask the best questions.",
    "Afterwards the bar is open, and so is the argument.",
    "You need not have been before, and you need not say anything.",
    "We did this two years ago, and people still talk about it.",
    "Come early if you would like to sit in front; nobody ever does.",
    "A summary stands in the next newsletter.",
)

INDOORS = (
    "Doors open half an hour before; tea and biscuits from the start.",
    "A hearing loop is fitted; please ask at the door.",
    "Mill Street Books brings a table.",
    "The last bus leaves at 22:40 from Market Square.",
    "We pass a hat for the speaker's journey.",
    "Please tell us in the note if you need a seat near the door.",
    "A short reading list lies in the library.",
    "We make a sound recording for members who cannot come.",
    "Dogs that like lectures are welcome.",
)

OUTDOORS = (
    "If it rains, we go anyway.",
    "Bring a packed lunch and something to drink.",
    "The path is uneven in places; sticks help.",
    "There is a shorter way back for those who have had enough.",
    "Dogs on a lead are welcome.",
    "We are back in time for the 17:20 train.",
    "Please tell us in the note if you need a lift to the start.",
    "Binoculars can be borrowed from the leader.",
)

SUMMARIES = {
    "book": (
        "{speaker} presents a new book on {topic}.",
        "{speaker} reads from a new book, and tells how it came about.",
        "A new book on {topic}, with its author, {speaker}.",
    ),
    "Lectures": (
        "{speaker} on {topic}, {theme}, and the evidence of {source}.",
        "An evening on {topic}, with {speaker}.",
        "How {topic} changed what people thought of {theme}.",
        "{speaker} asks what we really know about {topic}.",
    ),
    "Discussions": (
        "A panel with {speaker}, and then with everybody.",
        "For and against, with time to change one's mind.",
        "{speaker} chairs an argument about {theme}.",
    ),
    "Excursions": (
        "A day on foot with {speaker}, looking at {topic}.",
        "Nine miles, one pub, and {topic} on the way.",
        "To {place}, slowly, with {speaker}.",
    ),
    "Workshops": ("Hands on, in a small group, with {speaker}.", "Three hours, all tools provided. With {speaker}."),
    "Reading circle": ("We read and talk; newcomers are welcome.", "One book, many opinions, and {speaker} to sum up."),
    "Exhibitions": ("A small exhibition on {topic}.", "{Topic}, from our own archive."),
    "Music and readings": ("Music and readings around {theme}.", "An evening of music with words by {speaker}."),
    "Members' meetings": ("For members of the society.", "Members meet, report and plan."),
}

CHANGES = (
    "The speaker's train arrives later than we had planned for.",
    "The hall is needed for an election count.",
    "More of you want to come than the first room holds.",
)

NOTES = (
    "I am bringing a friend who has never been.",
    "A seat near the door, please.",
    "I may be ten minutes late.",
    "Happy to help with the chairs.",
    "My neighbour would like to come if a seat becomes free.",
)

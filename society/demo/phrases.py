"""The parts from which titles and descriptions are put together. `{…}` is filled in by `society.demo.wording`."""

LECTURE_TITLES = (
    "What {topic} can teach us about {theme}",
    "A short history of {topic}, {scope}",
    "{Topic} and {theme}",
    "{Topic} {scope}, as told by {source}",
    "Reading {topic} through {source}",
    "{head}: {topic} {scope}",
    "{head}, or {theme}",
    "Beyond {theme}: {topic} seen anew",
    "Who remembers {topic}?",
    "{Source}: a new look at {topic}",
    "Seven objects from the history of {topic}",
    "{Theme} in the age of {topic}",
    "The trouble with {topic}",
    "From {source} to {theme}: {topic} {scope}",
)

DISCUSSION_TITLES = (
    "Can a small town afford {civic}?",
    "{Civic}: whose business is it?",
    "What would we lose without {civic}?",
    "Do we owe the past {civic}?",
    "{Theme}: a discussion",
    "Should {civic} pay for itself?",
    "{Civic} and {theme}: a panel",
    "Who still believes in {theme}?",
    "After {topic}: what comes next for {civic}?",
    "Two views of {theme}",
)

WALKS = (
    "A walk to {place}",
    "{Place} on foot, with {topic} in mind",
    "Morning walk: {place}",
    "Looking for {topic} at {place}",
    "{Place} in {season}",
    "Twelve miles to {place}",
    "By train and on foot to {place}",
    "Sketching at {place}",
)

JOURNEYS = (
    "Three days on the trail of {topic}",
    "A weekend at {place}: {topic}",
    "Study journey to {place}",
    "{Place} and beyond: a weekend in {season}",
)

WORKSHOP_TITLES = (
    "{Craft}: a morning for beginners",
    "{Craft} for those who have tried it once",
    "{Craft} in a day",
    "{Craft}: an afternoon for the curious",
    "An introduction to {craft}",
    "{Craft}: open workshop in {season}",
)

READING_TITLES = (
    "Reading circle: “{book}”",
    "We read “{book}”, chapter {number}",
    "Reading aloud: {head}",
    "An evening with “{book}”",
    "Reading circle: {theme} in three short texts",
)

EXHIBITION_TITLES = (
    "{head}: an exhibition",
    "{Topic} in {number} objects",
    "{head}: {tail}",
    "From our archive: {topic} {scope}",
)

MUSIC_TITLES = (
    "{Ensemble}: music about {theme}",
    "{Season} concert with {ensemble}",
    "Words and music: {topic}",
    "{Ensemble} by lamplight",
    "Songs of {topic}",
)

MEETING_TITLES = (
    "Members' evening: {topic}",
    "Programme meeting, {season} {year}",
    "From the library: {source}",
    "Open committee, {season} {year}",
    "Members show and tell: {theme}",
)

BOOKS = ("{head}: {tail}", "{head}: {tail}", "{head}: {Topic} {scope}", "{head}: Notes on {theme}")

THEMES = (
    "trust between strangers",
    "the price of bread",
    "how towns remember",
    "the art of being wrong",
    "work that nobody sees",
    "the right to roam",
    "bad weather",
    "living next door",
    "good repair",
    "the uses of boredom",
    "what we throw away",
    "neighbours and other experts",
    "patience",
    "borrowed money",
    "the common good",
    "the value of a map",
    "silence",
    "everyday courage",
    "the long view",
    "honest measures",
    "who gets to be remembered",
    "the weight of paper",
)

SCOPES = (
    "before the railway",
    "between the wars",
    "in the 1840s",
    "from 1660 to 1760",
    "in living memory",
    "on both banks of the river",
    "in a dozen documents",
    "north of the hills",
    "since the flood of 1814",
    "in wartime",
    "through five generations",
    "after the enclosures",
    "in an age of steam",
    "at the edge of the map",
)

SOURCES = (
    "a ledger found in a loft",
    "three letters",
    "one family's photographs",
    "the mayor's shopping lists",
    "a box of glass plates",
    "the minutes of a burial club",
    "a diary in two colours of ink",
    "the court rolls",
    "an unposted letter",
    "a child's copybook",
    "the back of a map",
    "forty recipes",
    "a tradesman's bills",
    "the wages book",
    "a sailor's sketches",
    "a bundle of tickets",
)

CIVIC = (
    "a museum",
    "a night train",
    "a repair library",
    "a public clock",
    "an open archive",
    "a town orchard",
    "a second bridge",
    "a choir for everybody",
    "a local newspaper",
    "a public bath",
    "a market every day",
    "a dark sky",
    "free admission",
    "a bench on every corner",
    "an honest guidebook",
    "a river to swim in",
)

PLACES = (
    "Cold Hill",
    "the nine-arch bridge",
    "Nether End",
    "the dry lake",
    "Hungry Acre",
    "the tide mill at Lower Harrow",
    "St Osyth's and its yews",
    "the lock-keeper's island",
    "the lime kilns",
    "the deserted village of Upper Wick",
    "the heronry",
    "the water tower",
    "Gallows Copse",
    "the weavers' cottages",
    "the lighthouse at Farrow Point",
    "the old pilgrims' road",
    "the walled garden at Thornby",
    "the viaduct",
    "the salt marsh",
    "the quarry pools",
)

CRAFTS = (
    "bookbinding",
    "reading old handwriting",
    "setting type by hand",
    "grafting fruit trees",
    "drawing a map",
    "identifying mosses",
    "recording an interview",
    "mending china",
    "grinding pigments",
    "writing an obituary",
    "finding the stars without a telescope",
    "weaving a ribbon",
    "making a sundial",
    "keeping a nature diary",
    "sharpening tools",
    "photographing with a pinhole",
)

ENSEMBLES = (
    "the Ferry House Quartet",
    "the Lower Harrow Choral Society",
    "two fiddles and a harmonium",
    "the Vale Brass",
    "the Quayside Singers",
    "a consort of viols",
    "the Observatory Trio",
    "the Bell Lane Ballad Band",
)

SUBJECT_OF_STUDY = (
    "social history",
    "historical geography",
    "the history of science",
    "plant ecology",
    "economic history",
    "English literature",
    "architecture",
    "archival studies",
    "musicology",
    "the philosophy of law",
    "physics",
    "linguistics",
)

ABOUT_SPEAKERS = (
    "teaches {study} at Northmarsh University",
    "does research in {study} at Northmarsh University",
    "works on {topic} at the Northern Archive of Sound",
    "curator at Harrowmere Museum",
    "author of “{book}”",
    "has walked every path in the valley twice",
    "spent eleven years with {source}",
    "writes about {theme} for Harrow Valley Radio",
    "librarian of this society",
    "conservator, and a member since student days",
    "engineer, now retired into {topic}",
    "chairs the League of River Towns",
)

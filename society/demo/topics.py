"""What the demo's society talks about: for each subject titles, subtitles and things to say of it."""

from typing import NamedTuple


class Topic(NamedTuple):
    """A subject: its name within a sentence, and what titles and descriptions are made from."""

    name: str
    heads: tuple[str, ...]
    tails: tuple[str, ...]
    facts: tuple[str, ...]


TOPICS = (
    Topic(
        "the salt roads",
        ("White Gold", "Salt and Distance", "The Long Carry"),
        ("Carriers and Tolls in the Hills", "How a Mineral Made a Market", "Packhorses, Inns and Debts"),
        (
            "For three centuries every household in the valley ate salt that had crossed the hills on a packhorse.",
            "The toll books survive almost complete, down to the names of the horses.",
            "Where the old road bends, it avoids a lake that has been dry since 1790.",
        ),
    ),
    Topic(
        "clocks and clockmakers",
        ("Keeping Time", "The Borrowed Hour", "Pendulum and Parish"),
        ("Clockmakers of a Small Town", "How Noon Came to Be Agreed On", "Craft, Error and Patience"),
        (
            "Until the railway came, the town's noon fell eleven minutes after the capital's.",
            "One workshop in Bell Lane made four hundred clocks, of which nineteen are known to be running.",
            "A clock that is wrong by a minute a day was once a very good clock.",
        ),
    ),
    Topic(
        "medieval bridges",
        ("Nine Arches", "The Toll at the Middle Pier", "Stone over Water"),
        ("Bridges and Those Who Paid for Them", "Masons, Floods and Repairs", "Crossing the Harrow before 1500"),
        (
            "Of the nine arches of the town bridge, three are older than the church.",
            "A bridge was everybody's business and therefore, most years, nobody's.",
            "The mason's marks under the second arch can be read from a boat in a dry summer.",
        ),
    ),
    Topic(
        "early photography",
        ("Silver and Shade", "Hold Still", "The Glass Archive"),
        ("A Studio and Its Sitters", "Portraits of a Working Town", "Light, Chemistry and Vanity"),
        (
            "A box of 1,200 glass plates came out of an attic in Mill Street, and half of the faces have names.",
            "Sitters held still for twenty seconds, which explains the expressions.",
            "The same painted balustrade stands behind two generations of the town.",
        ),
    ),
    Topic(
        "the river trade",
        ("Downstream", "Barges at Dawn", "What the Water Carried"),
        ("Boat Families and Their Accounts", "A River as a Workplace", "Timber, Coal and Gossip"),
        (
            "At its height the wharf saw forty boats a week, and an argument for each of them.",
            "Boat families kept their own schools, their own chapels and their own spelling.",
            "The river was shut by ice for seven weeks in 1814, and the price of coal tripled.",
        ),
    ),
    Topic(
        "star catalogues",
        ("Counting the Sky", "Nine Thousand Lights", "The Patient Observers"),
        ("Women, Numbers and the Night Sky", "How a List Became a Science", "An Observatory on a Budget"),
        (
            "The observatory on Cold Hill measured nine thousand stars, one at a time, in all weathers.",
            "Most of the reckoning was done by women whose names stand only in the wages book.",
            "A catalogue of stars is the dullest book in the world until one of the stars has moved.",
        ),
    ),
    Topic(
        "hedges and field names",
        ("The Living Fence", "Hungry Acre", "Reading the Hedge"),
        ("Fields, Names and Quarrels", "A Landscape by Its Edges", "What Grows between Neighbours"),
        (
            "A hedge gains about one kind of shrub in a century, so that its age can be counted on a walk.",
            "Hungry Acre, Labour in Vain and Paradise lie side by side, and all three earned their names.",
            "The map of 1742 shows four hundred fields; today there are sixty.",
        ),
    ),
    Topic(
        "bells and bell-founders",
        ("The Loudest Neighbours", "Bronze and Breath", "Ringing the Changes"),
        ("Founders, Ringers and Their Rules", "Eight Centuries of Noise", "How a Village Told the Time"),
        (
            "Each of the eight bells has a name, a pitch and a temper.",
            "Ringers were paid in ale, and the accounts suggest that they were paid promptly.",
            "The tenor bell cracked on the day the peace was announced.",
        ),
    ),
    Topic(
        "the first weather forecasts",
        ("Storm Warning", "Glass Falling", "A Theory of Clouds"),
        ("Amateurs, Barometers and the Telegraph", "How Tomorrow Became Knowable", "Sailors and Statisticians"),
        (
            "A schoolteacher in the town wrote down the weather three times a day for fifty-one years.",
            "The earliest forecasts were wrong so often that they were abolished, and then missed.",
            "Clouds had no names before 1802; people managed, but they argued more.",
        ),
    ),
    Topic(
        "printers and pamphlets",
        ("Ink on Both Hands", "The Penny Press", "Set in Small Type"),
        ("Printing and Quarrelling in a Market Town", "Pamphlets, Ballads and Libels", "Who Read What, and Why"),
        (
            "For two years the town had three newspapers and, as far as we know, six hundred readers.",
            "A ballad could be written, printed and sung within a day of the event it mourned.",
            "The type case on show was last used to print an apology.",
        ),
    ),
    Topic(
        "orchards",
        ("Windfall", "The Grafting Knife", "A Hundred Apples"),
        ("Lost Fruit and Those Who Look for It", "Growing, Pressing and Naming", "Orchards of the Valley"),
        (
            "Forty kinds of apple were grown only here; twenty-six have been found again.",
            "Every apple of a kind is a piece of one single tree.",
            "The pear by the almshouse was planted in 1710 and still quarrels with the roof.",
        ),
    ),
    Topic(
        "parish registers",
        ("Baptised, Married, Buried", "The Clerk's Hand", "Names in the Margin"),
        ("Families in Three Columns", "What Was Written Down, and What Was Not", "A Town in Its Registers"),
        (
            "The clerk who kept the register from 1661 could not resist remarks.",
            "One family appears under eleven spellings before it settles on a twelfth.",
            "In the margin of a quiet year somebody has drawn a very good hedgehog.",
        ),
    ),
    Topic(
        "maps and surveyors",
        ("The Measured Mile", "North Is at the Top", "Chain and Compass"),
        ("Surveyors, Landlords and Lies", "Putting a Valley on Paper", "Maps as Arguments"),
        (
            "The chain that measured the parish in 1789 was two inches too short, and the deeds still show it.",
            "A map says what its owner wanted to be true.",
            "The hamlet of Nether End exists on four maps and, as far as we can tell, nowhere else.",
        ),
    ),
    Topic(
        "looms and weavers",
        ("Warp and Wages", "The Sound of the Loom", "Thread by Thread"),
        ("Weaving, Striking and Singing", "Cloth and the Making of a Town", "Patterns and Those Who Owned Them"),
        (
            "The weavers set their looms to a rhythm that visitors mistook for rain.",
            "A pattern book of 1831 holds samples whose colours have not faded by a shade.",
            "Half the street worked for one employer, and the other half never spoke to them.",
        ),
    ),
    Topic(
        "mosses and lichens",
        ("Slow Green", "The Smallest Forest", "On Every Wall"),
        ("A Field Guide to What Is Overlooked", "Lichens as Witnesses", "Growing a Millimetre a Year"),
        (
            "The churchyard alone has a hundred and thirty lichens, some older than the stones' inscriptions.",
            "What grows on a wall tells what was in the air twenty years ago.",
            "A good lens costs less than a lunch and changes every later walk.",
        ),
    ),
    Topic(
        "letters home",
        ("Yours in Haste", "Paper across the Sea", "Until the Next Post"),
        ("Emigrants and Those Who Stayed", "Families by Letter, 1820–1910", "Hope, Homesickness and Prices"),
        (
            "Four hundred letters from six countries were kept in one biscuit tin.",
            "They mention the weather, the price of flour and, in the last line, what mattered.",
            "Some of the letters were answered by people who could not write, through people who embroidered.",
        ),
    ),
    Topic(
        "public baths",
        ("Clean and Decent", "Two Classes of Water", "The Penny Swim"),
        ("Hygiene, Pride and Municipal Debt", "A Building and Its Bathers", "How a Town Learnt to Swim"),
        (
            "The second-class bath was warmed by what the first-class bath had finished with.",
            "The tiles were ordered for a hotel that was never built.",
            "On opening day the mayor swam a length in his chain.",
        ),
    ),
    Topic(
        "the night sky in poetry",
        ("Bright, Steadfast", "The Astronomer's Sonnet", "Lines on a Comet"),
        ("Poets Who Looked Up", "Science and Verse after Sunset", "From Almanac to Elegy"),
        (
            "Poets were quicker than astronomers to notice that the comet was late.",
            "The almanac was the one book that stood in every house, and it rhymed.",
            "A poem can be dated by the planet that shines in its third line.",
        ),
    ),
    Topic(
        "theatre and travelling players",
        ("Exit by the Stable", "Three Nights Only", "The Painted Barn"),
        ("Players on the Provincial Road", "Playbills, Candles and Creditors", "A Stage above the Corn Exchange"),
        (
            "The company carried one forest, one palace and one storm, and cast accordingly.",
            "A playbill of 1798 promises a live eagle; the review does not mention it.",
            "The gallery was closed for a year after the affair of the oranges.",
        ),
    ),
    Topic(
        "bees and beekeeping",
        ("Telling the Bees", "The Winter Cluster", "Wax and Honey"),
        ("Hives, Swarms and Neighbours", "Ten Thousand Workers and No Plan", "A Craft and Its Superstitions"),
        (
            "When somebody died, the bees had to be told, politely, or they would leave.",
            "A swarm decides on its new home by a vote, and seldom regrets it.",
            "Candles for the chapel took more wax in a year than the valley's bees could make.",
        ),
    ),
    Topic(
        "railway time",
        ("The 8.14 from Everywhere", "Branch Line", "Timetable"),
        ("How the Railway Changed the Clock", "A Line, Its Builders and Its Closing", "Waiting as a Way of Life"),
        (
            "The branch line never made a profit in any year, and was missed in all of them.",
            "The station clock had two minute hands: one for the town and one for the train.",
            "The navvies' account at the bakery came to more than the bridge they were building.",
        ),
    ),
    Topic(
        "cookery books",
        ("Take Twelve Eggs", "The Kitchen Ledger", "Salt to Taste"),
        ("Recipes, Remedies and Households", "What People Ate on a Tuesday", "Handwritten Cookery, 1680–1860"),
        (
            "The recipe for plague water stands between two for gingerbread, in the same hand.",
            "A cookery book is a diary by somebody who had no time for one.",
            "Every tested recipe in the collection is marked with a thumbprint in butter.",
        ),
    ),
    Topic(
        "asylum and charity",
        ("The Almshouse Door", "Bread on Fridays", "The Deserving"),
        ("Charity and Its Conditions", "Keeping the Poor in a Rich Town", "Trustees, Matrons and Residents"),
        (
            "The residents had to wear a badge, and one of them wore it upside down for thirty years.",
            "Bread was given out on Fridays from a shelf in the church, which is still dusted every week.",
            "The trustees' minutes are chiefly about coal.",
        ),
    ),
    Topic(
        "lighthouses",
        ("Every Ten Seconds", "The Keeper's Log", "A Light at the Edge"),
        ("Engineers against the Sea", "Solitude, Oil and Glass", "How to Build on a Rock"),
        (
            "The lens is a thousand prisms that one person could turn with a finger.",
            "The log has an entry for each hour of a hundred and four years; one of them is a joke.",
            "Three towers stood on the reef before there was one that stayed.",
        ),
    ),
)

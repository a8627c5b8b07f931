"""Titles, summaries and descriptions, put together so that a thousand events do not read alike."""

from dataclasses import dataclass, field

from society.demo import paragraphs, phrases
from society.demo.chance import Chance
from society.demo.names import a_speaker
from society.demo.setting import (
    DISCUSSIONS,
    EXCURSIONS,
    EXHIBITIONS,
    LECTURES,
    MEETINGS,
    MUSIC,
    READING,
    WORKSHOPS,
)
from society.demo.topics import TOPICS, Topic

TITLES = {
    LECTURES: phrases.LECTURE_TITLES,
    DISCUSSIONS: phrases.DISCUSSION_TITLES,
    EXCURSIONS: phrases.WALKS,
    WORKSHOPS: phrases.WORKSHOP_TITLES,
    READING: phrases.READING_TITLES,
    EXHIBITIONS: phrases.EXHIBITION_TITLES,
    MUSIC: phrases.MUSIC_TITLES,
    MEETINGS: phrases.MEETING_TITLES,
}
SEASONS = ("winter", "winter", "spring", "spring", "spring", "summer", "summer", "summer", *["autumn"] * 3, "winter")
"""By month, from January on."""

OFF_TOPIC = {DISCUSSIONS, WORKSHOPS, MEETINGS}
"""Where the subject is a question or a craft, so that facts about the topic would be out of place."""

NUMBERS = ("three", "five", "seven", "nine", "twelve", "twenty")


@dataclass
class Wording:
    """What one event is about: choices made once, so that title, summary and description speak of the same."""

    chance: Chance
    topic: Topic = field(init=False)
    speaker: str = field(init=False)
    _words: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        chance = self.chance
        self.topic, other = chance.some(TOPICS, 2)
        self.speaker = a_speaker(chance)
        words = {
            "topic": self.topic.name,
            "head": chance.choice(self.topic.heads),
            "tail": chance.choice(self.topic.tails),
            "other": other.name,
            "theme": chance.choice(phrases.THEMES),
            "scope": chance.choice(phrases.SCOPES),
            "source": chance.choice(phrases.SOURCES),
            "civic": chance.choice(phrases.CIVIC),
            "place": chance.choice(phrases.PLACES),
            "craft": chance.choice(phrases.CRAFTS),
            "ensemble": chance.choice(phrases.ENSEMBLES),
            "study": chance.choice(phrases.SUBJECT_OF_STUDY),
            "number": chance.choice(NUMBERS),
            "speaker": self.speaker,
        }
        self._words = words | {name.capitalize(): _capital(word) for name, word in words.items()}
        self._words["book"] = self.filled(chance.choice(phrases.BOOKS))

    def date(self, year: int, month: int) -> None:
        """Tell when it is."""
        season = SEASONS[month - 1]
        self._words |= {"year": str(year), "season": season, "Season": _capital(season)}

    @property
    def book(self) -> str:
        return self._words["book"]

    def filled(self, phrase: str) -> str:
        return phrase.format_map(self._words)

    def title(self, category: str) -> str:
        return _capital(self.filled(self.chance.choice(TITLES[category])))

    def journey(self) -> str:
        """The title of an excursion of several days."""
        return _capital(self.filled(self.chance.choice(phrases.JOURNEYS)))

    def summary(self, category: str, *, with_book: bool) -> str:
        """One sentence."""
        if with_book:
            return self.filled(self.chance.choice(paragraphs.SUMMARIES["book"]))
        return _capital(self.filled(self.chance.choice(paragraphs.SUMMARIES[category])))

    def description(self, category: str, *, with_book: bool) -> str:
        """Some paragraphs of Markdown and a list of what is practical."""
        chance = self.chance
        opening = chance.choice(paragraphs.OPENINGS["book" if with_book else category])
        on_topic = category not in OFF_TOPIC
        turns = chance.some(paragraphs.TURNS, chance.randint(1, 2)) if on_topic else []
        turns += chance.some(paragraphs.ASIDES, chance.randint(1, 2))
        practical = paragraphs.OUTDOORS if category == EXCURSIONS else paragraphs.INDOORS
        parts = [
            self.filled(opening),
            " ".join(chance.some(self.topic.facts, chance.randint(2, 3)) if on_topic else []),
            " ".join(self.filled(turn) for turn in turns),
            "\n".join(f"- {line}" for line in chance.some(practical, chance.randint(1, 4))),
        ]
        return "\n\n".join(_capital(part) for part in parts if part)

    def about_speaker(self) -> str:
        """A line about the speaker, as it stands after the name."""
        return self.filled(self.chance.choice(phrases.ABOUT_SPEAKERS))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]

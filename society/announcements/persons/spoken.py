"""The words by which a text says of somebody that they speak."""

import re

from society.announcements.persons.capitals import CAPITAL
from society.announcements.persons.names import NAME, SEVERAL, TITLED

_DOES = (
    r"(?:(?:has |have )?(?:very )?(?:kindly )?(?:agreed|offered|promised|volunteered|consented) to"
    r"|(?:has|have) [^.,\n]{3,40} and will|asks?|(?:is|be) invited to|will|shall|['’]ll"
    r"|has (?:also )?(?:just |recently )?(?:written|spent|worked|studied|travelled|walked|collected|photographed)"
    r"|(?:has|have) (?:confirmed|accepted|(?:\w{2,10}ly )?stepped in)|steps in|(?:is|are) (?:going|coming|travelling"
    r"|driving|here|back|with us) (?:\w{2,6} )?(?:to|from)|comes? to|(?:is|are) (?:giving|speaking|talking|presenting"
    r"|leading|reading|guiding|teaching|lecturing|returning|showing|joining|visiting|performing|playing)"
    r"|(?:is|are|will be) (?:our|the|this (?:month|week|year|evening)['’]s) (?:\w{4,9} )?(?:speakers?|guests?|guides?"
    r"|tutors?|lecturers?|leaders?)\b|returns to|speaks?|talks?|presents?|reads?|lectures?|introduces?|discuss(?:es)?"
    r"|leads?|gives?|performs?|plays?|explains?|shows?|tells?|(?:takes|walks|talks|steers) (?:us|you)|shares?|joins?"
    r"|explores?|describes?|examines?|considers?|reveals?|demonstrates?|delivers?|guides|teaches|uncovers?|unravels"
    r"|traces|recalls|looks (?:at|back)|(?:ist |sind )?(?:bei uns|zu Gast)|spricht|sprechen|liest|lesen aus|hält"
    r"|zeigt|stellt|berichtet|berichten|erzählt|referiert|erklärt|erläutert|führt|diskutier(?:t|en)|gewinnen|begrüßen"
    r"|präsentiert|leitet|wird uns|gibt Einblick|nimmt uns|(?:nous |vous |viendra (?:nous )?|vient (?:nous )?"
    r"|sera (?:parmi|avec|chez) nous|nous fera)?(?:parler(?:a|ont)?|présenter(?:a|ont)?|présente|raconter(?:a|ont)?"
    r"|raconte|donnera|animera|interviendra|évoquera|expliquera|proposera|partagera|lira|fera|parle|guidera|guide"
    r"|anime|commentera|retracera|dévoilera|conduira)|viendra|sera parmi nous|(?:nos |les |os )?(?:hablará|hablarán"
    r"|presentará|presentarán|impartirá|ofrecerá|dará|contará|explicará|conversará|conversarán|charlará|compartirá"
    r"|disertará|leerá|guiará|mostrará|intervendrá|pronunciará|habla|conversa|acompañará|visitará|desvelará|recorrerá"
    r"|imparte))\b"
)
DOING = re.compile(
    rf"(?<![\w.])(?<!\b[Tt]he )({SEVERAL})(?:, (?!(?:who|qui|que|quien)\b)([^,.\n]{{3,100}}),)?"
    rf"(?:,? (?:who|qui|que|quien|der|die)(?: [^,.\n]{{3,100}},)?(?=\s|['’]))?(?:\s|(?=['’])){_DOES}"
    rf"|(?<![\w.])({SEVERAL}) on (?=[“\"„«])"
)
"""Who does something that speakers do; behind "the" stands a body: "the Hallam Stargazers"."""
_IS = r"(?:is|are|will be|ist|sind|wird|est|sera|sont|seront|es|son|será|serán)"
_ROLE = (
    r"(?:(?:speaker|preacher|lecturer|presenter|guest|guest of honou?r|tutor|leader|guide|referent(?:in)?|gast"
    r"|vortragende[r]?|intervenante?|invitée?|conférenci(?:er|ère)|ponente|invitad[oa]|conferenciante|guía)s?)"
)
_LED = (
    r"by|with(?: [^.:\n]{3,50}:)?|(?:conversation|discussion|dialogue|debate) between|zwischen|entre|von|mit|par|avec"
    r"|con|led by"
    r"|(?:talks?|lectures?|contributions?|readings?|stories|songs|tales|words|presentations?|poems) from"
    r"|conversation with|introduced by|en présence d(?:u|e|e la)|(?:on the|the|our) panel(?:l?ists)? (?:are|is"
    r"|will be|includes?|comprises?|consists of|features?)|la autora|el autor|a cargo de la|a cargo del?"
    r"|conférence de|vortrag von|panell?ists(?: are|:)|for:|against:|speakers?:|(?:guests?|invitée?s?|invitad[oa]s?"
    r"|gäste|gast)\s?:"
)
_GOT = (
    r"our (?:very )?own|welcom(?:e|es|ed|ing)(?: back)?|(?:will |to )?host(?:s|ing)?|featuring|secured|persuaded"
    r"|roped in|lined up|booked|(?:are|be) joined by|hear(?:ing)? from|(?:lucky|fortunate|pleased|delighted|thrilled"
    r"|honou?red|privileged)(?: enough)? to have|we have|we['’]ve got|we(?:['’]ve| have) invited|begrüß(?:en|t)"
    r"|zu gast ist|zu gast haben wir|wir freuen uns auf|accueiller?(?:a|ons|ont)?|rec(?:evrons|evons|evra|oit)"
    r"|recib(?:e|imos|iremos|irá)|(?:contaremos|contamos) con|tendremos (?:con nosotros )?a|nos visita(?:rá)?"
    r"|nos acompaña(?:rá)?|author|director"
)
_VERB_FIRST = (
    r"(?:kommt|hält|spricht|liest|referiert|zeigt|berichtet|erzählt|führt|leitet|führen|sprechen|erklärt"
    r"|nimmt)(?: (?:uns|euch|sie|ihnen))?(?: (?:wieder|auch|diesmal|heuer|dieses mal|wie immer))?"
    r"|ist(?= [^.\n]{5,60} (?:bei uns|zu gast|unser gast))|(?:nos |les |os )?(?:impartirá|dará|ofrecerá|pronunciará"
    r"|hablará|hablarán|guiará|presentará|contará|conversará|disertará|mostrará|explicará|conversarán|guía|habla)"
    r"|donnera|proposera|animera|interviendra|interviendront"
)
"""What stands before whoever does it in languages that turn a sentence about."""
_CALLING = r"[a-zß-öø-ÿœ-]{3,20}"
_PROFESSION = r"[a-z-]{2,16}(?:er|or|ist|ian|man|den|ary|ent|ant|iend)"
BY = re.compile(
    rf"(?i:(?:\bw/|\b(?:{_LED}|{_GOT}|{_VERB_FIRST}|{_ROLE}(?:\b[^.\n]{{0,60}}? {_IS}| [–-]|)))),? (?:a )?"
    rf"(?:(?:{CAPITAL}[\w.]{{1,20}} ){{0,2}}{CAPITAL}\w{{1,20}}['’]s )?(?:our (?:{_CALLING} ){{0,2}}{_CALLING}, "
    rf"|(?:the|his|her|my|an?) (?:{_CALLING} ){{0,2}}{_PROFESSION}, "
    rf"|(?:the|our|an?|his|her) [^.,;\n]{{3,40}}, (?={TITLED.pattern}))?(?:(?:el|la|le|der|die|den|dem|the|our|an?"
    rf"|une?|una) |l['’])?(?:(?:{_CALLING}|de) ){{0,4}}({SEVERAL})|(?i:\bjoin (?:us for )?)"
    rf"(?:(?!the )[a-z]{{3,14}} ){{0,2}}({SEVERAL}) (?:for|as)\b|(?i:\bit(?:['’]s| is| will be)) ({SEVERAL}) (?:on"
    rf"|with|who|talking|speaking|about)\b|[”\"»],?\sde ({SEVERAL})"
)
"""Who stands behind words that lead to a speaker."""
LEADING = re.compile(rf"(?:^|^.{{0,60}}\d(?:\s?[ap]m| Uhr| ?h)?: )({SEVERAL})(?:: | - (?!\d)| – (?!\d)| on (?=[a-z]))")
TIMED = re.compile(
    rf"^\d{{1,2}}[.:]\d\d(?:\s?[–-]\s?\d{{1,2}}[.:]\d\d)?(?:\s?[ap]m| Uhr)?:?\s(?:{CAPITAL}[a-z]{{2,14}}: )?"
    rf"({SEVERAL})(?=:| - | – |,? [“\"„«]|, {CAPITAL}).{{0,200}}",
    re.MULTILINE,
)
BEFORE_TITLE = re.compile(
    rf"(?:^|[–:-] |^\d{{1,2}}[.:]\d\d |\d\s?[ap]m,? | Uhr,? )({SEVERAL}),? (?=[“\"„«])", re.MULTILINE
)
""" "7pm - Ada Example, “The Sea”"."""
ABOUT = re.compile(rf"(?<![\w.])({NAME}) (?:on|about|über|zu|sur|sobre) (?=[a-zß-öø-ÿ])")
""" "Ada Example on parking, Ben Sample on trees"."""
CONVERSING = re.compile(rf"(?:^|(?<=: )|(?<=[–-] ))({NAME}),? in conversation with\b", re.MULTILINE)

"""What lists of members call their columns: in English, German, French and Spanish, and as address books write them."""

import re

from society.register.addresses import PARTS
from society.text import folded

FIELDS = (
    *("email", "other_email", "name", "given_name", "middle_name", "family_name", "second_family_name", "sort_name"),
    *("tier", "starts_on", "ends_on", "status", "left_on", "joined_on", "phone", "other_phone", "mobile"),
    *("address", *PARTS, "city", "language", "zone", "born_on", "tags", "notes", "external_id"),
)
"""What is read in; what exports have, under the names that they use."""

STATES = ("state", "estado")
"""The membership’s, or a part of the postal address: what stands in the column tells."""

_SYNONYMS = {
    "email": "e mail|mail|mailadresse|email address|e mail address|mail address|primary email|email primary|"
    "e mail 1 value|e mail adresse|email adresse|e mail adr|emailadresse|primare e mail adresse|adresse e mail|"
    "adresse email|adresse mail|adresse de messagerie|adresse electronique|courriel|mel|correo|correo electronico|"
    "direccion de correo electronico|direccion de correo",
    "other_email": "secondary email|alternative email|alternate email|second email|other email|e mail 2 value|"
    "e mail 2 address|e mail 2 adresse|sekundare e mail adresse|weitere e mail|weitere e mail adresse|autre e mail|"
    "autre email|adresse de messagerie 2|otro correo|direccion de correo electronico 2|e mail 3 value|"
    "e mail 3 address|e mail 3 adresse",
    "name": "full name|fullname|display name|person|member|member name|names|nom complet|vor und nachname|"
    "vor u nachname|vor nachname|vorname nachname|vorname und nachname|anzeigename|prenom nom|prenom et nom|"
    "nombre y apellidos|nombre apellidos|nombre completo",
    "given_name": "first name|firstname|forename|given names|vorname|vornamen|rufname|prenom|prenoms|prenom adherent|"
    "nombre|voornaam|first",
    "middle_name": "middle names|middle initial|mi|additional name|weitere vornamen|zweiter vorname|autres prenoms|"
    "deuxieme prenom|segundo nombre",
    "family_name": "last name|lastname|surname|family|nachname|familienname|zuname|nom|nom de famille|nom adherent|"
    "nom d usage|apellido|apellidos|primer apellido|1er apellido|apellido 1|achternaam|last",
    "second_family_name": "second surname|segundo apellido|2o apellido|apellido 2",
    "sort_name": "last name first name|surname first name|name vorname|nachname vorname|name und vorname|"
    "familienname vorname|nom prenom|nom et prenom|apellidos nombre|apellidos y nombre|file as",
    "tier": "membership|membership type|member type|membership level|membership category|category|level|plan|"
    "mitgliedsart|mitgliedschaft|mitgliedstyp|mitgliedskategorie|mitgliedsgruppe|art der mitgliedschaft|kategorie|"
    "beitragsgruppe|beitragsklasse|beitragsart|tarif|categorie|type d adhesion|type adhesion|type adherent|"
    "type d adherent|type de membre|tipo de socio|tipo socio|categoria",
    "starts_on": "start|starts|start date|from|valid from|begin|begins on|period start|membership start|"
    "membership start date|beginn|gultig ab|debut|date de debut|inicio|fecha de inicio",
    "ends_on": "end|ends|end date|until|to|valid until|valid to|expires|expires on|expiry|expiry date|period end|"
    "expiration date|membership end|membership end date|membership expires|membership expiration date|renewal due|"
    "ende|gultig bis|fin|date de fin|echeance|date d echeance|fin d adhesion|fin de validite|fecha de fin|vencimiento|"
    "fecha de vencimiento",
    "status": f"{'|'.join(STATES)}|membership status|member status|mitgliedsstatus|mitgliedstatus|statut|situacion",
    "left_on": "left|leaving date|date left|resigned on|lapsed on|austritt|austrittsdatum|austritt am|ausgetreten am|"
    "date de sortie|date de demission|fecha de baja|fecha baja|baja",
    "joined_on": "joined|join date|date joined|member since|joining date|eintritt|eintrittsdatum|eintritt am|"
    "eingetreten am|beitritt|beitrittsdatum|mitglied seit|date d adhesion|date adhesion|date d inscription|inscrit le|"
    "adherent depuis|membre depuis|fecha de alta|fecha alta|f alta|alta|socio desde",
    "phone": "telephone|tel|phone number|telephone number|phone no|tel no|telephone no|contact number|contact no|"
    "phone 1 value|telefon|telefonnummer|telefon nr|telefonnr|tel nr|rufnummer|telefono|telefono fijo|tel fijo|tlf|"
    "telf|tfno|landline|festnetz|festnetznummer|telephone fixe|tel fixe|numero de telephone",
    "other_phone": "phone 2 value|phone 3 value|primary phone|weitere telefonnummer|autre telephone|otro telefono|"
    "telefonprivat|telefondienstlich",
    "mobile": "mobile phone|mobile number|mobile no|mobile telephone|cell|cell phone|cellphone|mobil|mobiltelefon|"
    "mobiltel|mobilfunk|mobilnummer|mobil nr|mobilnr|mobil tel nr|tel mobil|telefon mobil|handy|handynummer|handy nr|"
    "handynr|portable|telephone portable|telephone mobile|tel portable|tel mobile|tel port|mobile telefonnummer|movil|"
    "telefono movil|tel movil|phone mobile|natel|gsm",
    "address": "postal address|mailing address|anschrift|postanschrift|postadresse|wohnadresse|"
    "strasse hausnummer plz ort|adresse|adresse postale|direccion|direccion postal|domicilio|address 1 formatted",
    "street": "street address|street name|address line 1|address 1|address1|street 1|strasse|str|strasse hausnummer|"
    "strasse und hausnummer|strasse hausnr|strasse nr|strasse und nr|adresse 1|adresszeile 1|anschrift 1|rue|voie|"
    "numero et rue|n et rue|adresse ligne 1|calle|calle y numero|calle y no|direccion 1|address 1 street",
    "house_number": "house no|house name number|house number name|hausnummer|hausnr|haus nr|numero de rue|"
    "numero de voie|n de rue|n de voie|no de rue|n rue",
    "line_2": "address line 2|address 2|address2|street 2|adresszusatz|adressierungszusatz|adresszeile 2|adresse 2|"
    "anschrift 2|adresse ligne 2|complement d adresse|complement adresse|complement|direccion 2|"
    "complemento de direccion|address 1 extended address|supplemental address 1",
    "line_3": "address line 3|address 3|address3|street 3|adresszeile 3|adresse 3|anschrift 3|adresse ligne 3|"
    "direccion 3|supplemental address 2",
    "postcode": "post code|postal code|zip|zip code|zipcode|zip postal code|postal zip code|address 1 postal code|plz|"
    "postleitzahl|code postal|cp|c p|codigo postal|cod postal",
    "county": "province|provincia|state province|state county|county state|address 1 region",
    "country": "country region|land|land region|staat|pays|pays region|pais|pais region|pais o region|"
    "address 1 country",
    "city": "town|place|ort|wohnort|stadt|ville|commune|town city|city town|post town|postal town|ciudad|localidad|"
    "poblacion|municipio|address 1 city",
    "language": "lang|preferred language|sprache|langue|idioma",
    "zone": "time zone|timezone|tz|zeitzone|fuseau horaire|zona horaria|tijdzone",
    "born_on": "birthday|birth date|date of birth|dob|born|geburtsdatum|geboren|geboren am|geburtstag|geb|geb am|"
    "geb datum|date de naissance|date naissance|ne le|anniversaire|fecha de nacimiento|fecha nacimiento|f nacimiento|"
    "cumpleanos",
    "tags": "tag|groups|group|keywords|labels|categories|group membership|group participation|gruppe|gruppen|"
    "kategorien|sparte|sparten|schlagworter|groupe|groupes|grupo|grupos|etiquetas",
    "notes": "note|comment|comments|remark|remarks|bemerkungen|bemerkung|anmerkung|anmerkungen|notiz|notizen|"
    "kommentar|kommentare|commentaire|commentaires|remarque|remarques|observation|observations|nota|notas|"
    "observaciones|comentario|comentarios",
    "external_id": "id|member id|user id|contact id|membership id|membership number|membership no|member number|"
    "member no|number|no|nr|n|n o|numero|mitgliedsnummer|mitgliedernummer|mitgliedsnr|mitglieds nr|mitglied nr|"
    "mitgl nr|externe mitgliedsnummer|numero d adherent|n d adherent|n adherent|no adherent|numero de membre|"
    "numero de socio|numero socio|no de socio|no socio|n socio|n o socio|num socio|reference",
}

_POSTCODES = ("zip", "zip code", "postcode", "post code", "postal code")
_POSTCODE_FIRST = ("plz", "postleitzahl", "code postal", "cp", "c p", "codigo postal", "cod postal")
_TOWNS = ("city", "town", "ort", "wohnort", "stadt", "ville", "commune", "poblacion", "localidad", "ciudad")
_IN_ONE = {
    f"{one}{joint}{other}"
    for postcode in (*_POSTCODES, *_POSTCODE_FIRST)
    for city in _TOWNS
    for one, other in ((postcode, city), (city, postcode))
    for joint in (" ", " and ", " und ", " et ", " y ")
} | {f"{city} state {postcode}" for postcode in _POSTCODES for city in _TOWNS[:2]}
"""Postcode and town in one column."""

_AT_HOME = frozenset({"home", "private", "privat", "privee", "prive", "domicile", "particular", "personal", "perso"})
_AT_WORK = frozenset(
    {"work", "business", "office", "geschaftlich", "geschaeftlich", "gesch", "dienstlich", "dienstl", "beruflich"}
    | {"bureau", "travail", "professionnel", "pro", "trabajo", "oficina"}
)
_SMALL_WORDS = frozenset({"de", "del", "du", "la"})
_ONE_MORE = {"phone": "other_phone", "email": "other_email", "other_phone": "other_phone", "other_email": "other_email"}
_WORK_GIVES = {**_ONE_MORE, "mobile": "other_phone"}
_HOME_GIVES = {**_ONE_MORE, **{name: name for name in ("mobile", "address", "city", *PARTS)}, "status": "county"}
"""What a telephone, a town, a state of somebody’s home are; that state can only be a part of the address."""


def plain(heading: str) -> str:
    """Its words, by which it is compared, without endings that are left open: “Remark(s)”, “Anmerkung(en)”."""
    return " ".join(re.sub(r"[^0-9a-z]+", " ", re.sub(r"(?<=\w)\([a-z]{1,2}\)", "", folded(heading))).split())


_BY_WORD = dict.fromkeys(_IN_ONE, "postcode_and_town") | {
    plain(word): field for field in FIELDS for word in f"{field}|{_SYNONYMS.get(field, field)}".split("|")
}


def field_of(heading: str) -> str | None:
    """The field that a column gives. Of telephones and mail addresses it may be one more; an address at work is none to
    which somebody’s post goes, and gives nothing."""
    words = plain(heading)
    at_home, at_work = (_known(_without(where, words)) for where in (_AT_HOME, _AT_WORK))
    return _known(words) or _HOME_GIVES.get(at_home) or _WORK_GIVES.get(at_work) or None


def _known(words: str) -> str:
    """As it stands, or with a number behind it: the second telephone is one more."""
    stem, _, number = words.rpartition(" ")
    field = _BY_WORD.get(stem, "") if number in ("1", "2", "3") else ""
    numbered = field if number == "1" and field in (*_WORK_GIVES, "street") else _WORK_GIVES.get(field, "")
    return _BY_WORD.get(words) or numbered


def at_work(heading: str) -> bool:
    return bool(_AT_WORK & set(plain(heading).split()))


def _without(where: frozenset[str], words: str) -> str:
    """What a heading says besides where, if it says where."""
    every = words.split()
    return " ".join(word for word in every if word not in where | _SMALL_WORDS) if where & set(every) else ""


def postcode_goes_first(heading: str) -> bool:
    """Whether those who call it so write it before the town, wherever its column stands."""
    return not {plain(heading), _without(_AT_HOME, plain(heading))}.isdisjoint(_POSTCODE_FIRST)

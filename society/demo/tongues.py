"""What the society writes to its members in several languages."""

NEWS = {
    "en": (
        "The programme of the coming months",
        "Dear {{ first_name }},\n\nthe programme of the coming months stands on our pages. Some evenings are for "
        "members alone; you see them once you have signed in.\n\nWe look forward to your coming.",
    ),
    "de": (
        "Das Programm der kommenden Monate",
        "Guten Tag {{ first_name }},\n\ndas Programm der kommenden Monate steht auf unseren Seiten. Einige Abende sind "
        "nur für Mitglieder; Sie sehen sie, sobald Sie angemeldet sind.\n\nWir freuen uns auf Sie.",
    ),
    "fr": (
        "Le programme des prochains mois",
        "Bonjour {{ first_name }},\n\nle programme des prochains mois se trouve sur nos pages. Certaines soirées sont "
        "réservées aux membres ; vous les verrez une fois connecté.\n\nAu plaisir de vous y retrouver.",
    ),
}
"""Subject and text by language, the main one first."""

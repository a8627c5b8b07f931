"""Names of many origins, put together by chance; nobody in particular is meant."""

from society.demo.chance import Chance

_GIVEN = """
Adaeze Agnes Ahmed Aiko Alasdair Alba Alejandra Amara Amir Ana Andrzej Anneke Anouk Aoife Arjun Astrid Ayşe
Bartosz Beatriz Benedikt Bilal Birgit Branka Bronwyn Camille Carys Cem Chiara Chidi Clara Cormac Dagny Daniela
Darius Deepa Dmitri Dorota Ebba Edwin Efua Eilidh Elif Emeka Emilia Enzo Esme Esther Fatima Feliks Fiona Florian
Freya Gareth Ghislaine Giulia Gregor Gwen Habib Hana Haruto Helena Henrik Hugo Idris Ikram Ines Ingrid Ioana
Isla Ivan Iva Jamila Jana Jasper Joanna João Johanna Jorge Josef Judith Kamal Katarzyna Kenji Kofi Lars Latifa
Leila Lena Lidia Linnea Lorenzo Lucia Magnus Malika Marcin Maren Margaret Mariam Marit Mateo Matilda Mehmet Mei
Mirela Miriam Mohan Nadia Naomi Nasrin Niamh Nikos Nils Nkechi Noor Olga Olivia Omar Oona Otto Paloma Patience
Paul Petra Piotr Priya Rafael Rania Rasmus Rebecca Renata Rhys Rosa Ruth Sabine Samir Sanjay Saskia Selma
Seung-min Sigrid Silvia Simone Sofia Stellan Sunita Susanna Tadeusz Tamsin Tariq Teresa Thandiwe Theo Tomoko
Ulrike Uma Valentina Vera Victor Wanjiru Wei Wilhelmina Xiomara Yara Yusuf Zahra Zofia Zsófia
"""
_FAMILY = """
Abara Achterberg Adeyemi Ahlberg Akhtar Albescu Almeida Anand Aoki Arslan Ashdown Attah Baranowski Barrow
Bassett Bellweather Bianchi Birch Bjornstad Boateng Brandvold Brightwell Caddick Calder Castellanos Chaudhry
Chen Claes Coombes Costa Cray Czerny Dalgaard Danjuma Demir Dewhurst Dhillon Drummond Dubois Dunmore Eklund
El-Amin Eriksen Esposito Fairweather Falk Farahani Ferreira Fitzroy Fonseca Friel Fujita Galvin Garrick Ghosh
Gilmartin Goran Grabowska Greaves Haddad Hallam Halvorsen Hamdan Harkness Hashimoto Hedley Hollis Horvat Ibarra
Idowu Inoue Ivanova Jankowski Jellicoe Jimenez Kaplan Kariuki Kaya Kessler Khatri Kimura Kowalczyk Kruger Lacey
Langford Larkin Lindqvist Lisowski Lockyer Lund Macready Mahmoud Mandel Marchetti Mbeki Mendoza Merriweather
Mistry Montague Moreau Nakata Ndiaye Nesbitt Novak Nwosu Oduya Okafor Olsen Onwudiwe Orme Osei Ostrowski Özkan
Pailthorpe Park Pascoe Patel Pellegrini Penhallow Petrov Pritchard Quill Rahman Ramsbottom Rasmussen Reyes
Rosenthal Rowntree Sadler Salcedo Sandoval Santos Schaefer Selwyn Shah Sharpe Sikora Silvestre Sokolov Stavrou
Stokoe Sutcliffe Szabo Takahashi Tandon Tennant Thorne Tierney Toivonen Tranter Tremaine Ugarte Umar Valcourt
Van-Dijk Varga Vasquez Venter Vickers Vogel Wadham Wagstaff Walczak Wang Weir Whitlock Winterbourne Wren Yamada
Yilmaz Zelenka Zhao
"""

GIVEN, FAMILY = _GIVEN.split(), _FAMILY.split()

TITLES = {"Prof.": 4.0, "Dr": 5.0, "": 9.0}
"""Before a speaker's name, and how often."""


def a_name(chance: Chance) -> str:
    """Given and family name; now and then with two family names."""
    family = chance.choice(FAMILY)
    if chance.is_so(0.04):
        family = f"{family} {chance.choice(FAMILY)}"
    return f"{chance.choice(GIVEN)} {family}".replace("Van-Dijk", "van Dijk")


def a_speaker(chance: Chance) -> str:
    """A name as it is announced."""
    return f"{chance.weighed(TITLES)} {a_name(chance)}".strip()

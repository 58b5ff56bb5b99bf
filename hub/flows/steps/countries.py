"""The countries that matter most: ISO codes, dialling code, trunk digit, and what they are called.

A country that is not here stays as it was said; its numbers stay as they were said.
"""

from __future__ import annotations

from typing import NamedTuple

from hub.flows.steps.text import folded


class Country(NamedTuple):
    code: str
    code3: str
    dial: str
    trunk: str
    """The digit that is dialled at home alone; `-` where there is none."""
    name: str
    """In English, as the vendors' lists have it."""
    others: tuple[str, ...]


_TABLE = """
AE ARE 971 0 United Arab Emirates|UAE|U.A.E.|Emirates
AR ARG 54 0 Argentina|Argentine Republic
AT AUT 43 0 Austria|Österreich|Oesterreich|Autriche
AU AUS 61 0 Australia|Commonwealth of Australia
BE BEL 32 0 Belgium|België|Belgique|Belgien
BG BGR 359 0 Bulgaria|България
BR BRA 55 0 Brazil|Brasil
CA CAN 1 1 Canada
CH CHE 41 0 Switzerland|Schweiz|Suisse|Svizzera|Swiss Confederation
CL CHL 56 - Chile
CN CHN 86 0 China|中国|People's Republic of China|PRC|P.R. China
CO COL 57 - Colombia
CR CRI 506 - Costa Rica
CY CYP 357 - Cyprus|Κύπρος|Kibris
CZ CZE 420 - Czech Republic|Czechia|Česko|Česká republika|Tschechien
DE DEU 49 0 Germany|Deutschland|Allemagne|Alemania|Alemanha|Germania|Duitsland|Tyskland
DK DNK 45 - Denmark|Danmark|Dänemark
EC ECU 593 0 Ecuador
EE EST 372 - Estonia|Eesti
EG EGY 20 0 Egypt|مصر
ES ESP 34 - Spain|España|Spanien|Espagne|Espanha
FI FIN 358 0 Finland|Suomi|Finnland
FR FRA 33 0 France|Frankreich|Francia|Frankrijk|République française
GB GBR 44 0 United Kingdom|UK|U.K.|Great Britain|Britain|England|Scotland|Wales|Northern Ireland\
|United Kingdom of Great Britain and Northern Ireland|Großbritannien|Vereinigtes Königreich
GR GRC 30 - Greece|Ελλάδα|Hellas|Griechenland
HK HKG 852 - Hong Kong|香港|Hong Kong SAR
HR HRV 385 0 Croatia|Hrvatska|Kroatien
HU HUN 36 - Hungary|Magyarország|Ungarn
ID IDN 62 0 Indonesia
IE IRL 353 0 Ireland|Éire|Republic of Ireland|Irland
IL ISR 972 0 Israel|ישראל
IN IND 91 0 India|Bharat|भारत
IS ISL 354 - Iceland|Ísland
IT ITA 39 - Italy|Italia|Italien|Italie
JP JPN 81 0 Japan|日本|Nippon
KE KEN 254 0 Kenya
KR KOR 82 0 South Korea|Korea|Republic of Korea|Korea, Republic of|대한민국
LI LIE 423 - Liechtenstein
LT LTU 370 0 Lithuania|Lietuva|Litauen
LU LUX 352 - Luxembourg|Luxemburg|Lëtzebuerg
LV LVA 371 - Latvia|Latvija|Lettland
MA MAR 212 0 Morocco|Maroc|المغرب
MT MLT 356 - Malta
MX MEX 52 - Mexico|México
MY MYS 60 0 Malaysia
NG NGA 234 0 Nigeria
NL NLD 31 0 Netherlands|Nederland|The Netherlands|Holland|Niederlande|Pays-Bas
NO NOR 47 - Norway|Norge|Noreg|Norwegen
NZ NZL 64 0 New Zealand|Aotearoa
PE PER 51 0 Peru|Perú
PH PHL 63 0 Philippines|Pilipinas
PK PAK 92 0 Pakistan
PL POL 48 - Poland|Polska|Polen
PT PRT 351 - Portugal
RO ROU 40 0 Romania|România|Rumänien
RS SRB 381 0 Serbia|Srbija|Србија
SA SAU 966 0 Saudi Arabia|KSA|Kingdom of Saudi Arabia|السعودية
SE SWE 46 0 Sweden|Sverige|Schweden
SG SGP 65 - Singapore
SI SVN 386 0 Slovenia|Slovenija|Slowenien
SK SVK 421 0 Slovakia|Slovensko|Slovak Republic|Slowakei
TH THA 66 0 Thailand|ไทย
TR TUR 90 0 Turkey|Türkiye|Türkei
TW TWN 886 0 Taiwan|台灣
UA UKR 380 0 Ukraine|Україна
US USA 1 1 United States|United States of America|U.S.A.|U.S.|America|Vereinigte Staaten|États-Unis\
|Estados Unidos
UY URY 598 0 Uruguay
VN VNM 84 0 Vietnam|Viet Nam|Việt Nam
ZA ZAF 27 0 South Africa|Suid-Afrika
"""


def _country(line: str) -> Country:
    code, code3, dial, trunk, names = line.split(" ", 4)
    name, *others = names.split("|")
    return Country(code, code3, dial, trunk.strip("-"), name, tuple(others))


def _letters(text: str) -> str:
    return "".join(letter for letter in folded(text) if letter.isalnum())


COUNTRIES = {one.code: one for one in map(_country, _TABLE.strip().splitlines())}
DIALS = {one.dial for one in COUNTRIES.values()}
DIAL_LENGTH_MAX = 3

_CALLED = {
    _letters(called): one.code
    for one in COUNTRIES.values()
    for called in (one.code, one.code3, one.name, *one.others)
}


def code_of(said: str) -> str:
    """Give the ISO code of a country by any of its names, or ""."""
    return _CALLED.get(_letters(said), "")

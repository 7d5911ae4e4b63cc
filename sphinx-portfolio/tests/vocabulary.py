"""The vocabulary of schema.org that tests check linked data with.

`data/schemaorg.json` is an extract of it. To add a term, add it to the lists below, get
`schemaorg-current-https.jsonld` of a release from https://github.com/schemaorg/schemaorg, and run

    python sphinx-portfolio/tests/vocabulary.py schemaorg-current-https.jsonld 30.0
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

EXTRACT = Path(__file__).with_name("data") / "schemaorg.json"
TYPES = (
    *("Book", "BreadcrumbList", "CreativeWork", "Dataset", "EducationalOccupationalCredential"),
    *("EducationalOrganization", "EmployeeRole", "Event", "Language", "ListItem", "MediaObject"),
    *("Organization", "OrganizationRole", "Person", "Place", "PresentationDigitalDocument"),
    *("ProfilePage", "Report", "Role", "ScholarlyArticle", "SoftwareApplication"),
    *("SoftwareSourceCode", "Thesis", "VideoObject", "VirtualLocation"),
)
PROPERTIES = (
    *("abstract", "address", "affiliation", "alumniOf", "associatedMedia", "author", "award"),
    *("codeRepository", "contentUrl", "contributor", "credentialCategory", "dateCreated"),
    *("datePublished", "description", "email", "encoding", "endDate", "hasCredential", "image"),
    *("inLanguage", "isPartOf", "item", "itemListElement", "jobTitle", "keywords", "knowsAbout"),
    *("knowsLanguage", "license", "location", "mainEntity", "name"),
    *("performer", "performerIn", "position", "publisher", "recognizedBy"),
    *("recordedIn", "roleName", "sameAs", "sourceOrganization", "startDate", "subjectOf"),
    *("superEvent", "temporal", "url", "video", "workFeatured", "worksFor"),
)
DATA_TYPES = {"Text", "URL", "Date", "DateTime", "Integer"}
DATE = re.compile(r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?")  # ISO 8601, also of a year or a month
TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}[+-][0-9]{2}:[0-9]{2}")


def extract(vocabulary: dict[str, Any], version: str) -> dict[str, Any]:
    """Return the terms with their supertypes, domains and ranges."""
    terms = {str(node["@id"]).removeprefix("schema:"): node for node in vocabulary["@graph"]}

    def named(node: dict[str, Any], key: str) -> list[str]:
        values = node.get(key, [])
        found = values if isinstance(values, list) else [values]
        return sorted(str(each["@id"]).removeprefix("schema:") for each in found)

    types: dict[str, list[str]] = {}
    left = list(TYPES)
    while left:
        name = left.pop()
        if name not in types and name in terms:
            types[name] = named(terms[name], "rdfs:subClassOf")
            left += types[name]
    properties = {
        name: {
            "domain": named(terms[name], "schema:domainIncludes"),
            "range": named(terms[name], "schema:rangeIncludes"),
        }
        for name in PROPERTIES
    }
    return {
        "source": "https://schema.org",
        "version": version,
        "license": "https://creativecommons.org/licenses/by-sa/3.0/",
        "types": dict(sorted(types.items())),
        "properties": dict(sorted(properties.items())),
    }


VOCABULARY: dict[str, Any] = json.loads(EXTRACT.read_text("utf-8")) if EXTRACT.exists() else {}


def above(type_: str) -> set[str]:
    """Return a type and its supertypes."""
    found = {type_}
    for parent in VOCABULARY["types"].get(type_, []):
        found |= above(parent)
    return found


def faults(node: dict[str, Any], through: str = "") -> Iterator[str]:
    """Yield what the vocabulary forbids in a node that is the value of a property.

    A role has the property again through which it is reached (https://schema.org/Role).
    """
    type_ = node.get("@type", "")
    if type_ not in VOCABULARY["types"]:
        yield f"unknown type {type_!r}"
        return
    for name, value in node.items():
        if name.startswith("@"):
            continue
        known = VOCABULARY["properties"].get(name)
        if known is None:
            yield f"unknown property {name!r}"
            continue
        is_again = name == through and "Role" in above(type_)
        if not is_again and not above(type_) & set(known["domain"]):
            yield f"{type_} has no property {name!r}"
        for each in value if isinstance(value, list) else [value]:
            yield from _value_faults(type_, name, each, set(known["range"]))


def _value_faults(type_: str, name: str, value: Any, allowed: set[str]) -> Iterator[str]:
    if isinstance(value, dict):
        of_value = above(value.get("@type", ""))
        if not of_value & allowed and "Role" not in of_value:
            yield f"{type_}.{name} can't be a {value.get('@type')}"
        yield from faults(value, name)
    elif not allowed & DATA_TYPES:
        yield f"{type_}.{name} can't be {value!r}"
    elif allowed <= {"Date", "DateTime"} and not (
        DATE.fullmatch(str(value)) or ("DateTime" in allowed and TIME.fullmatch(str(value)))
    ):
        yield f"{type_}.{name} is no date: {value!r}"
    elif "Text" not in allowed and "URL" in allowed and not str(value).startswith("http"):
        yield f"{type_}.{name} is no address: {value!r}"


if __name__ == "__main__":
    file, release = sys.argv[1:]
    found = extract(json.loads(Path(file).read_text("utf-8")), release)
    EXTRACT.parent.mkdir(exist_ok=True)
    EXTRACT.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")

"""What the head and the classes of a page say to other programs: JSON-LD and microformats."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any

import mf2py
import pytest

import parity
import web
from invented import made, whole
from sphinx_portfolio.exports import schema_org
from sphinx_portfolio.model import KINDS, Degree, Job, Period, Service, Talk
from vocabulary import VOCABULARY, faults
from web import ADDRESS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sphinx_portfolio.model import Record
    from support import Site

# sphinx-notfound-page and sphinx-sitemap use what Sphinx 11 will remove.
pytestmark = pytest.mark.filterwarnings("ignore::sphinx.deprecation.RemovedInSphinx11Warning")
PERSON = {"@type": "Person", "@id": f"{ADDRESS}index.html#person", "name": "Ada Example"}
YEAR = Period.parse("2024", "2024")  # that of the portfolios of `whole`


@pytest.fixture(scope="module", autouse=True)
def _today() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOURCE_DATE_EPOCH", "1700000000")
        yield


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, _today: None) -> Site:
    """The site, which knows its address."""
    found, warnings = web.build(
        web.write(tmp_path_factory.mktemp("web")), html_baseurl=ADDRESS, portfolio_exports=[]
    )
    assert warnings == []
    return found


@pytest.fixture(scope="module")
def local(tmp_path_factory: pytest.TempPathFactory, _today: None) -> Site:
    """The site, which does not know its address."""
    found, warnings = web.build(web.write(tmp_path_factory.mktemp("local")), portfolio_exports=[])
    assert warnings == []
    return found


def graph(site: Site, page: str) -> list[dict[str, Any]]:
    """Return the nodes of a page."""
    scripts = site[page].select('head script[type="application/ld+json"]')
    found: list[dict[str, Any]] = []
    for script in scripts:
        whole = json.loads(str(script.string))
        assert whole.keys() == {"@context", "@graph"}
        assert whole["@context"] == "https://schema.org"
        found += whole["@graph"]
    return found


def local_page(
    text: str = "", records: tuple[Record, ...] = (), *, is_home: bool = False
) -> schema_org.Page:
    """Return a page of a site without an address."""
    return schema_org.Page(
        *("Page", "", "", text, frozenset(), records, (), lambda record: ""), is_home=is_home
    )


def of_type(site: Site, page: str, type_: str) -> list[dict[str, Any]]:
    return [node for node in graph(site, page) if node["@type"] == type_]


# -- JSON-LD ------------------------------------------------------------------


def test_types_and_properties_are_of_the_vocabulary(site: Site, local: Site) -> None:
    for built in (site, local):
        found = {
            (page, fault)
            for page in built.names
            for node in graph(built, page)
            for fault in faults(node)
        }
        assert found == set()


@pytest.mark.parametrize(
    ("node", "fault"),
    [
        ({"@type": "Persona"}, "unknown type 'Persona'"),
        ({"@type": "Person", "title": "Ada"}, "unknown property 'title'"),
        ({"@type": "Person", "startDate": "2020"}, "Person has no property 'startDate'"),
        ({"@type": "Event", "startDate": "May"}, "Event.startDate is no date: 'May'"),
        (
            {"@type": "Event", "startDate": "2020-05-01T10:00"},
            "Event.startDate is no date: '2020-05-01T10:00'",
        ),
        ({"@type": "Event", "location": {"@type": "Person"}}, "Event.location can't be a Person"),
        ({"@type": "Event", "recordedIn": "x"}, "Event.recordedIn can't be 'x'"),
        ({"@type": "EmployeeRole", "worksFor": "x"}, "EmployeeRole has no property 'worksFor'"),
    ],
)
def test_the_check_finds_faults(node: dict[str, Any], fault: str) -> None:
    assert fault in list(faults(node))


def test_the_extract_names_source_and_license() -> None:
    assert VOCABULARY["source"] == "https://schema.org"
    assert VOCABULARY["license"] == "https://creativecommons.org/licenses/by-sa/3.0/"


def test_every_field_of_every_kind_fits_the_vocabulary(tmp_path: Path) -> None:
    sources = parity.sources()
    conf = sources["conf.py"].replace(
        '"sphinx_portfolio"]', '"sphinx_portfolio", "sphinx_portfolio.site"]'
    )
    for name, text in (sources | {"conf.py": conf}).items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    built, _ = web.build(tmp_path, portfolio_exports=[])
    nodes = [node for page in built.names for node in graph(built, page)]
    assert [fault for node in nodes for fault in faults(node)] == []
    text = json.dumps(nodes)
    for kind in KINDS:
        assert f"q{kind}titleq" in text, kind


def test_home_is_the_profile_of_the_person(site: Site) -> None:
    [page] = graph(site, "index")
    person = page.pop("mainEntity")
    assert page == {
        "@type": "ProfilePage",
        "@id": f"{ADDRESS}index.html",
        "url": f"{ADDRESS}index.html",
        "name": "Ada Example",
        "inLanguage": "en",
    }
    # What the page does not show is missing: the other profile, old jobs, skills.
    assert person == PERSON | {
        "url": f"{ADDRESS}index.html",
        "jobTitle": "Organ builder & <tuner>",
        "description": "Builds organs.",
        "image": f"{ADDRESS}ada.png",
        "email": "ada@mail.example",
        "address": "Vienna, Austria",
        "sameAs": "https://github.com/ada",
        "worksFor": {"@type": "Organization", "name": "Guild of Tuners"},
    }


def test_a_page_of_a_job_says_what_the_person_is_there(site: Site) -> None:
    [person] = of_type(site, "work/guild", "Person")
    assert person == PERSON | {
        "url": f"{ADDRESS}index.html",
        "worksFor": {
            "@type": "EmployeeRole",
            "roleName": "Master tuner </script><b>",
            "startDate": "2019",
            "description": "Tunes organs.",
            "worksFor": {
                "@type": "Organization",
                "name": "Guild of Tuners",
                "url": "https://guild.example/",
                "location": "Vienna",
            },
        },
    }


def test_dates_are_as_exact_as_they_are_known(site: Site) -> None:
    [person] = of_type(site, "work/more", "Person")
    assert (person["worksFor"]["startDate"], person["worksFor"]["endDate"]) == ("2009-05", "2010")
    assert person["hasCredential"][0]["dateCreated"] == "2017"
    degree = next(it for it in person["hasCredential"] if it["credentialCategory"] == "degree")
    assert degree == {
        "@type": "EducationalOccupationalCredential",
        "name": "Bachelor of Sound in Acoustics",
        "credentialCategory": "degree",
        "dateCreated": "2014-06-30",
        "recognizedBy": {"@type": "EducationalOrganization", "name": "University of Ghent"},
    }


def test_who_studies_is_not_an_alumna_yet(site: Site) -> None:
    [person] = of_type(site, "work/more", "Person")
    assert person["alumniOf"]["alumniOf"]["name"] == "University of Ghent"
    names = {it["affiliation"]["name"] for it in person["affiliation"]}
    assert names == {"University of Bern", "Pipe Society"}
    assert "Doctor of Sound" not in json.dumps(person)


def test_what_the_person_has_and_knows(site: Site) -> None:
    [person] = of_type(site, "work/more", "Person")
    assert person["award"] == "Prize of Pipes (Pipe Society, 2016-02)"
    assert person["knowsLanguage"] == {
        "@type": "Language", "name": "Dutch", "description": "native",
    }  # fmt: skip
    assert [it["performerIn"]["name"] for it in person["performerIn"]] == [
        "PipeCon 2020",
        "PipeCon 2021",
    ]
    [skilled] = of_type(site, "skills", "Person")
    assert skilled["knowsAbout"] == "Tuning"


@pytest.mark.parametrize(
    ("records", "text", "found"),
    [
        # A reviewer of papers is no performer of the conference, and a role is no organization.
        ([made(Service, title="Paper Review", events=("Conf 2024",), period=YEAR)],
         "Paper Review, Conf 2024", {}),
        ([made(Service, title="Paper Review", events=("Conf 2024",), period=YEAR)],
         "Paper Review", {}),
        ([made(Service, title="Treasurer", organization="Guild", events=(), period=YEAR)],
         "Treasurer", {}),
        ([made(Service, title="Treasurer", organization="Guild", events=(), period=YEAR)],
         "Guild", {"affiliation": {"@type": "Organization", "name": "Guild"}}),
        # A school is no degree.
        ([made(Degree, title="BSc", organization="The Old School", shortname="School")],
         "School", {"alumniOf": {"@type": "EducationalOrganization", "name": "School"}}),
        ([made(Job, title="Engineer", organization="Acme Ltd.", shortname="Acme")],
         "Acme", {"worksFor": {"@type": "Organization", "name": "Acme"}}),
        ([made(Job, title="Engineer", organization="Acme Ltd.", shortname="Acme")],
         "Engineer", {}),
    ],
)  # fmt: skip
def test_home_says_of_other_pages_only_what_is_true(
    records: list[Record], text: str, found: dict[str, Any]
) -> None:
    page = schema_org.Page(
        "Ada", "", "", text, frozenset(), (), (), lambda record: "", is_home=True
    )
    [node] = schema_org.graph(page, whole(*records))
    assert node["mainEntity"] == {"@type": "Person", "name": "Ada"} | found


def test_a_talk_is_an_event(site: Site) -> None:
    [event] = of_type(site, "talks/index", "Event")
    assert event == {
        "@type": "Event",
        "@id": f"{ADDRESS}talks/index.html#ranks",
        "url": f"{ADDRESS}talks/index.html#ranks",
        "name": "Ranks & <Stops>",
        "description": "How tuning works",
        "startDate": "2021-05",
        "endDate": "2021-05",
        "location": {"@type": "Place", "name": "Ghent"},
        "performer": [PERSON, {"@type": "Person", "name": "Otto Tuner"}],
        "superEvent": {"@type": "Event", "name": "PipeCon"},  # has another address
        "subjectOf": {"@type": "WebPage", "url": "https://pipecon.example/ranks"},
        "recordedIn": {
            "@type": "VideoObject", "name": "Ranks & <Stops>", "url": "https://video.example/ranks",
        },
        "workFeatured": {
            "@type": "PresentationDigitalDocument",
            "name": "Ranks & <Stops>",
            "url": "https://slides.example/ranks",
        },
        "keywords": ["Tuning", "Acoustics"],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("times", "found"),
    [
        (("2024-05-03T16:25:00-06:00",), ("2024-05-03T16:25:00-06:00", "2024-05-03")),
        (
            ("2024-05-03T16:25:00-06:00", "2024-05-03T17:00:00-06:00"),
            ("2024-05-03T16:25:00-06:00", "2024-05-03T17:00:00-06:00"),
        ),
        ((), ("2024-05-03", "2024-05-03")),
    ],
)
def test_a_talk_has_the_times_that_are_known(times: tuple[str, ...], found: object) -> None:
    moments = tuple(map(datetime.fromisoformat, times))
    event = of_talk(period=Period.parse("2024-05-03", "2024-05-03"), times=moments)
    assert (event["startDate"], event["endDate"]) == found


@pytest.mark.parametrize(
    ("venue", "type_"),
    [("Online", "VirtualLocation"), ("virtual", "VirtualLocation"), ("Onlin", "Place")],
)
def test_online_is_no_place(venue: str, type_: str) -> None:
    assert of_talk(venue=venue)["location"] == {"@type": type_, "name": venue}
    assert "location" not in of_talk()


def of_talk(**fields: Any) -> dict[str, Any]:
    """Return the node of a talk, which is checked."""
    talk = made(Talk, **fields)
    [node] = schema_org.graph(local_page(records=(talk,)), whole(talk))
    assert list(faults(node)) == []
    return node


def test_publications_and_projects(site: Site) -> None:
    [article] = of_type(site, "publications/index", "ScholarlyArticle")
    assert article["author"][0]["@id"] == PERSON["@id"]  # an initial is hers
    assert article["isPartOf"] == {"@type": "CreativeWork", "name": "Journal of Pipes"}
    assert article["sameAs"] == "https://doi.org/10.1234/reeds"
    assert article["encoding"]["contentUrl"] == "https://paper.example/reeds.pdf"
    [thesis] = of_type(site, "publications/index", "Thesis")
    assert thesis["sourceOrganization"] == {"@type": "Organization", "name": "University of Bern"}
    [program] = of_type(site, "projects/meter", "SoftwareSourceCode")
    assert program["codeRepository"] == "https://code.example/meter"
    assert program["description"] == "Measures the pitch of a pipe"
    assert (program["dateCreated"], program["temporal"]) == ("2020-03", "2020-03/2021-04")
    assert program["license"] == {"@type": "CreativeWork", "name": "MIT"}
    assert program["keywords"] == "Tuning"


def test_breadcrumbs_are_the_way_from_home(site: Site) -> None:
    [trail] = of_type(site, "work/guild", "BreadcrumbList")
    steps = [(it["position"], it["name"], it["item"]["@id"]) for it in trail["itemListElement"]]
    assert steps == [
        (1, "Ada Example", f"{ADDRESS}index.html"),
        (2, "Work", f"{ADDRESS}work/index.html"),
        (3, "Master tuner </script><b>", f"{ADDRESS}work/guild.html"),
    ]
    for page in ("index", "search", "genindex", "404"):
        assert of_type(site, page, "BreadcrumbList") == []


def test_addresses_are_those_of_canonical_links(site: Site) -> None:
    [link] = site["index"].select('link[rel="canonical"]')
    assert link["href"] == graph(site, "index")[0]["url"]


def test_without_an_address_nothing_has_one(local: Site) -> None:
    for page in local.names:
        text = json.dumps(graph(local, page))
        assert '"@id"' not in text
        assert "BreadcrumbList" not in text
        assert ".html" not in text
    [event] = of_type(local, "talks/index", "Event")
    assert "url" not in event
    assert event["performer"][0] == {"@type": "Person", "name": "Ada Example"}


def test_no_text_ends_the_element(site: Site) -> None:
    html = (site.folder / "work" / "guild.html").read_text("utf-8")
    script = html.partition('<script type="application/ld+json">')[2].partition("</script>")[0]
    assert not {"<", "&"} & {*script}
    assert json.loads(script)


def test_a_book_has_no_linked_data(tmp_path: Path) -> None:
    built, _ = web.build(web.write(tmp_path), "epub", version="1", copyright="Ada")
    pages = list(built.folder.rglob("*.xhtml"))
    assert len(pages) > len(web.PAGES) // 2
    for page in pages:
        text = page.read_text(encoding="utf-8")
        assert "ld+json" not in text
        assert ".html.md" not in text
        assert "og:image" not in text


# -- Microformats -------------------------------------------------------------


def items(site: Site, page: str) -> list[dict[str, Any]]:
    html = (site.folder / f"{page}.html").read_text("utf-8")
    found: list[dict[str, Any]] = mf2py.parse(doc=html, url=f"{ADDRESS}{page}.html")["items"]
    return found


def test_home_is_a_card(site: Site) -> None:
    [card] = items(site, "index")
    assert card["type"] == ["h-card"]
    properties = card["properties"]
    assert properties["name"] == ["Ada Example"]
    assert properties["adr"] == ["Vienna, Austria"]
    assert properties["job-title"] == ["Organ builder & <tuner>"]
    assert properties["org"] == ["Guild of Tuners"]
    assert properties["url"] == ["https://github.com/ada"]
    assert properties["note"] == ["Builds organs."]
    assert properties["email"][0].startswith("mailto:ada")
    assert properties["photo"][0]["value"].endswith("ada.png")
    html = (site.folder / "index.html").read_text("utf-8")
    relations = mf2py.parse(doc=html, url=ADDRESS)["rels"]
    assert relations["me"] == ["https://github.com/ada"]
    [talk] = card["children"]
    assert talk["properties"]["url"] == [f"{ADDRESS}talks/index.html#ranks"]


def test_talks_are_events_and_publications_citations(site: Site) -> None:
    [talk] = items(site, "talks/index")
    assert talk["type"] == ["h-event"]
    assert talk["properties"] == {
        "name": ["Ranks & <Stops>"],
        "url": [f"{ADDRESS}talks/index.html#ranks"],
        "start": ["2021-05"],
        "location": ["Ghent"],
    }
    thesis, paper = items(site, "publications/index")
    assert (thesis["type"], paper["type"]) == (["h-cite"], ["h-cite"])
    assert paper["properties"] == {
        "name": ["On Reeds"],
        "url": [f"{ADDRESS}publications/index.html#paper"],
        "publication": ["Journal of Pipes"],
        "published": ["2018"],
    }


def test_pages_of_the_career_are_resumes(site: Site) -> None:
    [resume] = items(site, "work/index")
    assert resume["type"] == ["h-resume"]
    assert "name" not in resume["properties"]  # the page says "Work", which is no name of hers
    guild, old = [each["properties"] for each in resume["properties"]["experience"]]
    assert guild == {
        "name": ["Guild of Tuners"],
        "url": [f"{ADDRESS}work/guild.html#guild"],
        "start": ["2019"],
    }
    assert (old["start"], old["end"]) == (["2009-05"], ["2010"])
    [resume] = items(site, "work/more")
    names = [each["properties"]["name"] for each in resume["properties"]["education"]]
    assert names == [["Bachelor of Sound in Acoustics"], ["Doctor of Sound"]]
    [resume] = items(site, "work/guild")
    [job] = resume["properties"]["experience"]
    assert job["properties"] == {
        "name": ["Master tuner </script><b>"], "start": ["2019"], "location": ["Vienna"],
    }  # fmt: skip
    [resume] = items(site, "skills")
    assert resume["properties"] == {"skill": ["Tuning"]}


def test_events_have_dates(site: Site) -> None:
    found = [(page, event) for page in site.names for event in events(items(site, page))]
    assert {page for page, _ in found} >= {"index", "talks/index", "work/index", "work/more"}
    for page, event in found:
        assert event["properties"]["start"], page


def events(found: list[Any]) -> Iterator[dict[str, Any]]:
    """Yield the events among items, their properties and what is in them."""
    for item in found:
        if isinstance(item, dict):
            if "h-event" in item["type"]:
                yield item
            for parts in (item.get("children", []), *item["properties"].values()):
                yield from events([it for it in parts if isinstance(it, dict) and "type" in it])


def test_nothing_is_added_that_is_not_shown(site: Site) -> None:
    for page in site.names:
        for element in site[page].select('[class*="p-"], [class*="u-"], [class*="dt-"]'):
            assert element.get("hidden") is None
            assert element.name not in {"data", "meta"}

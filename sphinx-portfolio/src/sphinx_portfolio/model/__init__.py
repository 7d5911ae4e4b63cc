"""The data model of a portfolio, in the standard library only.

These names are the Python API of the package.
"""

from sphinx_portfolio.model.dates import Date, Period, RecordError
from sphinx_portfolio.model.kinds import KINDS
from sphinx_portfolio.model.kinds.award import Award
from sphinx_portfolio.model.kinds.certificate import Certificate
from sphinx_portfolio.model.kinds.creative_work import CreativeWork
from sphinx_portfolio.model.kinds.degree import Degree
from sphinx_portfolio.model.kinds.job import Job
from sphinx_portfolio.model.kinds.language import Language
from sphinx_portfolio.model.kinds.position import Position
from sphinx_portfolio.model.kinds.project import Project
from sphinx_portfolio.model.kinds.publication import Publication
from sphinx_portfolio.model.kinds.service import Service
from sphinx_portfolio.model.kinds.skill import Skill
from sphinx_portfolio.model.kinds.talk import Talk
from sphinx_portfolio.model.lab import Lab
from sphinx_portfolio.model.messages import Translator
from sphinx_portfolio.model.portfolio import Person, Portfolio, Profile, assemble
from sphinx_portfolio.model.records import Record
from sphinx_portfolio.model.richtext import Detail, Highlight, RichText, Run, plain

__all__ = [
    "KINDS",
    "Award",
    "Certificate",
    "CreativeWork",
    "Date",
    "Degree",
    "Detail",
    "Highlight",
    "Job",
    "Lab",
    "Language",
    "Period",
    "Person",
    "Portfolio",
    "Position",
    "Profile",
    "Project",
    "Publication",
    "Record",
    "RecordError",
    "RichText",
    "Run",
    "Service",
    "Skill",
    "Talk",
    "Translator",
    "assemble",
    "plain",
]

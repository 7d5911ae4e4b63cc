"""Addresses of the site and its source, from the environment."""

from __future__ import annotations

import pytest

from sphinx_portfolio.html.hosting import Hosting, detect

FALLBACK = Hosting("https://me.example/", "https://github.com/me/site", "trunk")


def test_nothing_known() -> None:
    assert detect({}, Hosting()) == Hosting()
    assert Hosting().path == "/"
    assert not Hosting().editable


def test_the_fallback_is_used_where_the_environment_is_silent() -> None:
    assert detect({}, FALLBACK) == FALLBACK


def test_read_the_docs() -> None:
    hosting = detect(
        {
            "READTHEDOCS": "True",
            "READTHEDOCS_CANONICAL_URL": "https://x.readthedocs.io/en/latest",
            "READTHEDOCS_GIT_CLONE_URL": "git@github.com:x/y.git",
            "READTHEDOCS_GIT_IDENTIFIER": "main",
            "READTHEDOCS_VERSION_TYPE": "branch",
        },
        FALLBACK,
    )
    assert hosting == Hosting(
        "https://x.readthedocs.io/en/latest/", "https://github.com/x/y", "main"
    )
    assert hosting.path == "/en/latest/"
    assert hosting.editable


def test_a_pull_request_is_no_branch_to_edit() -> None:
    variables = {
        "READTHEDOCS": "True",
        "READTHEDOCS_GIT_IDENTIFIER": "12",
        "READTHEDOCS_VERSION_TYPE": "external",
    }
    assert detect(variables, FALLBACK).branch == ""
    assert detect({"GITHUB_REF": "refs/pull/12/merge"}, FALLBACK).branch == ""


def test_github() -> None:
    variables = {
        "GITHUB_REPOSITORY": "x/y",
        "GITHUB_SERVER_URL": "https://github.com",
        "GITHUB_REF": "refs/heads/topic/one",
    }
    assert detect(variables, Hosting()) == Hosting("", "https://github.com/x/y", "topic/one")


def test_a_clone_address_becomes_a_web_address() -> None:
    expected = {
        "https://github.com/x/y": "https://github.com/x/y",
        "https://token@github.com/x/y.git": "https://github.com/x/y",
        "ssh://git@gitlab.com/x/y/z.git": "https://gitlab.com/x/y/z",
        "git@bitbucket.org:x/y.git": "https://bitbucket.org/x/y",
        "https://code.example/x/y/": "https://code.example/x/y",
    }
    assert {
        clone: detect({"READTHEDOCS_GIT_CLONE_URL": clone}, Hosting()).repository
        for clone in expected
    } == expected


def test_an_unknown_code_host_has_no_edit_link() -> None:
    assert not Hosting(repository="https://code.example/x/y", branch="main").editable


def test_an_invalid_address_is_refused() -> None:
    with pytest.raises(
        ValueError, match=r"^the address of the site: invalid URL 'me\.example': expected "
    ):
        detect({}, Hosting(site="me.example"))
    with pytest.raises(ValueError, match=r"^the address of the site: invalid URL .* not allowed"):
        detect({}, Hosting(site='https://me.example/"><script>'))
    with pytest.raises(ValueError, match=r"^invalid address of the repository '/srv/x': expected "):
        detect({}, Hosting(repository="/srv/x"))

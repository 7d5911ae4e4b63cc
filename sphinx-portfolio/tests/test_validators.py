"""What may be in text and in addresses."""

from __future__ import annotations

from sphinx_portfolio.model.validators import is_private_address, unshowable


def test_private_hosts_are_known_in_all_forms_that_browsers_read() -> None:
    private = (
        *(
            "localhost",
            "localhost.",
            "a.localhost",
            "127.0.0.1",
            "127.0.0.1.",
            "127.1",
            "2130706433",
        ),
        *("0x7f.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "10.1.2.3", "172.16.0.1", "192.168.0.1"),
        *(
            "169.254.1.1",
            "[fe80::1]",
            "0.0.0.0",  # noqa: S104
            "printer.local",
            "nas.internal",
            "router.lan",
        ),
    )
    public = ("example.org", "1.1.1.1", "[2606:4700::1111]", "local.example", "localhost.example")
    assert [host for host in private if not is_private_address(f"https://{host}/x")] == []
    assert [host for host in public if is_private_address(f"https://{host}/x")] == []


def test_overrides_and_isolates_that_stay_open_are_not_shown() -> None:
    shown = (
        "",
        "plain",
        "שלום",
        "\u2066a\u2069",
        "\u2066a \u2067b\u2069\u2069",
        "a\u2069",
        "a\u200db",
    )
    refused = (
        "\u202ea",
        "a\u202c",
        "\u2066a",
        "\u2069a\u2066b",
        "\u2066a\u2069\u2068b",
        "\x00",
        "\ud800",
    )
    assert [text for text in shown if unshowable(text)] == []
    assert [text for text in refused if not unshowable(text)] == []

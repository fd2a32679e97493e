"""The strict YAML reader: types, places, refusals."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.errors import DossierError, PackError, ZcfError
from checker.yamltext import MAX_DEPTH, read_yaml


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1", 1),
        ("-12", -12),
        ("0.10", Decimal("0.10")),
        (".5", Decimal("0.5")),
        ("1e3", Decimal("1e3")),
        ("true", True),
        ("false", False),
        ("null", None),
        ("~", None),
        ("", None),
        ("yes", "yes"),
        ("no", "no"),
        ("on", "on"),
        ("00123", "00123"),
        ("010", "010"),
        ("12:30", "12:30"),
        ("1_000", "1_000"),
        ("2024-02-30", "2024-02-30"),
        ("0x10", "0x10"),
        ("=", "="),
        ("'1'", "1"),
    ],
)
def test_scalars_follow_the_core_schema(text: str, value: object) -> None:
    found = read_yaml(f"a: {text}", "f").data["a"]
    assert found == value
    assert type(found) is type(value)


def test_every_node_has_a_place() -> None:
    document = read_yaml("a:\n  - 1\n  - 名称: x\n", "f.yaml")
    assert str(document.anchor(("a", 1, "名称"))) == "f.yaml:3:9"
    assert document.key_anchor(("a", 1, "名称")).column == 5
    assert document.anchor(("a", 7, "missing")).line == 2


@pytest.mark.parametrize(
    ("text", "key", "line"),
    [
        ("a: 1\nb: 2\na: 3", "yaml.duplicate_key", 3),
        ("a: &x 1\nb: *x", "yaml.anchor", 1),
        ("a: !!set {}", "yaml.tag", 1),
        ("a: !!python/object:os.system x", "yaml.tag", 1),
        ("a:\n  <<: {b: 1}", "yaml.merge_key", 2),
        ("a: .nan", "yaml.not_finite", 1),
        ("a: -.INF", "yaml.not_finite", 1),
        ("a: 1\n---\nb: 2", "yaml.many_documents", 2),
        ("? [a]\n: 1", "yaml.key_not_text", 1),
        ("名称：工厂", "yaml.wide_punctuation", 1),
        ("a: [1, 2\nb: 3", "yaml.syntax", 2),
        ("[" * (MAX_DEPTH + 1), "yaml.too_deep", 1),
        ("[" * 100_000, "yaml.too_deep", 1),  # the parser itself may give up first
    ],
)
def test_refusals(text: str, key: str, line: int) -> None:
    with pytest.raises(DossierError) as caught:
        read_yaml(text, "f")
    assert caught.value.problems[0].key == key
    assert caught.value.problems[0].anchor.line == line


def test_packs_raise_pack_errors() -> None:
    with pytest.raises(PackError):
        read_yaml("a: 1\na: 2", "f", pack=True)


def test_not_utf8_names_the_line() -> None:
    with pytest.raises(DossierError) as caught:
        read_yaml("a: 1\nb: 名称".encode("gb18030"), "f")
    assert (caught.value.problems[0].key, caught.value.problems[0].anchor.line) == (
        "yaml.not_utf8",
        2,
    )


def test_bom_is_accepted() -> None:
    assert read_yaml(b"\xef\xbb\xbfa: 1", "f").data == {"a": 1}


def test_a_million_levels_stop_at_once() -> None:
    with pytest.raises(DossierError):
        read_yaml("[" * 1_000_000, "f")


@given(st.text(max_size=200))
def test_any_text_gives_data_or_a_clear_error(text: str) -> None:
    try:
        read_yaml(text, "f")
    except ZcfError as error:
        assert error.problems[0].key.startswith("yaml.")

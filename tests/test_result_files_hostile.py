"""Result files that are cut off, broken or hostile: every one is read, or refused in one line."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from result_files import EVIDENCE, SAMPLES, altered, outcome

from mkdocs_perfcase.evidence.content import Content
from mkdocs_perfcase.evidence.series import Results

each_sample = pytest.mark.parametrize("path", SAMPLES, ids=lambda path: f"{path.parent.name}/{path.name}")
IN_JSON = [path for path in SAMPLES if path.suffix == ".json"]
IN_TEXT = [path for path in SAMPLES if path.suffix != ".json"]

WORDS = [
    "", "12", "-1", "NaN", "Infinity", "1e999", "1" * 500, "true", "null", "x" * 10_000, "<script>alert(1)</script>",
    "\x1b[31mred\x1b[0m", "\x1b]0;title\x07", "two\nlines", "\u202eevil", "\ud800", "a\0b", "'\"`,;\t", "{}", "../../x",
]  # fmt: skip
VALUES = [
    *WORDS, None, True, False, 0, -1, 5e-324, 1e308, -1e308, 10**400, float("nan"), float("inf"),
    [], {}, [[]], [None], [{}], {"a": 1}, [1e308, 1e308], [0, 0], ["1", None, {}], [[1, 2], [3]], {"1": "2"}, {"x": {"y": []}},
]  # fmt: skip

Step = str | int


def places(value: Any, here: tuple[Step, ...] = ()) -> Iterator[tuple[Step, ...]]:
    """Every place in a JSON value, the whole of it too."""
    yield here
    children: Any = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in children:
        yield from places(child, (*here, key))


def put(value: Any, place: tuple[Step, ...], new: Any) -> Any:
    """A JSON value with another one in a place."""
    if not place:
        return new
    changed = value.copy()
    changed[place[0]] = put(value[place[0]], place[1:], new)
    return changed


def renamed(value: Any, place: tuple[Step, ...], name: str) -> Any:
    """A JSON value in which the last name on the way to a place is another one."""
    if not place or not isinstance(place[-1], str):
        return value
    *way, last = place
    parent = value
    for step in way:
        parent = parent[step]
    return put(value, tuple(way), {name if key == last else key: child for key, child in parent.items()})


@each_sample
def test_cut_off(path: Path) -> None:
    data = path.read_bytes()
    for end in range(0, len(data), max(1, len(data) // 80)):
        outcome(altered(path, data[:end]))


@each_sample
def test_beginning_in_the_middle(path: Path) -> None:
    data = path.read_bytes()
    for start in range(1, len(data), max(1, len(data) // 40)):
        outcome(altered(path, data[start:]))


@pytest.mark.parametrize("path", IN_JSON, ids=lambda path: f"{path.parent.name}/{path.name}")
@settings(max_examples=50)
@given(data=st.data())
def test_other_values_in_json(path: Path, data: st.DataObject) -> None:
    value = json.loads(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 3))):
        place = data.draw(st.sampled_from(list(places(value))))
        if data.draw(st.integers(0, 4)) == 0:
            value = renamed(value, place, data.draw(st.sampled_from(WORDS)))
        else:
            value = put(value, place, data.draw(st.sampled_from(VALUES)))
    outcome(altered(path, json.dumps(value).encode("utf-8")))


@pytest.mark.parametrize("path", IN_JSON, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_every_kind_of_value_in_every_place(path: Path) -> None:
    """Each value of the list at least once, and each place (but of long lists only the first few) with another shape."""
    value = json.loads(path.read_bytes())
    found = [place for place in places(value) if all(step < 2 for step in place if isinstance(step, int))]
    for number, place in enumerate(found):
        for new in (None, [], {}, "x", 1, VALUES[number % len(VALUES)]):
            outcome(altered(path, json.dumps(put(value, place, new)).encode("utf-8")))


@pytest.mark.parametrize("path", IN_TEXT, ids=lambda path: f"{path.parent.name}/{path.name}")
@settings(max_examples=50)
@given(data=st.data())
def test_other_words_in_text(path: Path, data: st.DataObject) -> None:
    text = path.read_text(encoding="utf-8")
    for _ in range(data.draw(st.integers(1, 3))):
        words = list(re.finditer(r"[^\s,;<>\"=]+|[,;<>\"=\n]", text))
        if words:
            word = data.draw(st.sampled_from(words))
            text = text[: word.start()] + data.draw(st.sampled_from(WORDS)) + text[word.end() :]
    outcome(altered(path, text.encode("utf-8", "replace")))


@each_sample
@settings(max_examples=40)
@given(data=st.data())
def test_other_bytes(path: Path, data: st.DataObject) -> None:
    found = bytearray(path.read_bytes())
    for place in data.draw(st.lists(st.integers(0, len(found) - 1), min_size=1, max_size=5)):
        found[place] = data.draw(st.integers(0, 255))
    outcome(altered(path, bytes(found)))


@given(st.one_of(st.binary(max_size=200), st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace"))))
def test_anything(data: bytes) -> None:
    outcome(Content("anything", data))


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "it is empty"),
        (b" \n\t\n", "it is empty"),
        (b"\xff\xfe\x00", "it is no text in UTF-8 or UTF-16"),
        (b"\x89PNG\r\n", "it is no text in UTF-8 or UTF-16"),
        (b"a\0b", "it is binary"),
        (b"{", "it is no valid JSON: line 1: Expecting property name enclosed in double quotes"),
        (b'{"results": [{"command": "a",\n', "it is no valid JSON: line 2: "),
        (b"[" * 200_000, "its JSON is nested too deeply"),
        (b'{"a": ' * 200_000 + b"1", "its JSON is nested too deeply"),
        (b'{"results": 1' + b"0" * 5000 + b"}", ""),
        (b"{}", "no tool's format was recognised in it"),
        (b"hello", "no tool's format was recognised in it"),
        (b"," * 2000 + b"\n1", "no tool's format was recognised in it"),
        (b'{"results": [{"command": "a", "times": []}]}', "it is hyperfine's, and holds no figures"),
        (b'{"results": [{"command": "a", "times": [NaN, null, "x"]}]}', "it is hyperfine's, and holds no figures"),
        (b"timeStamp,elapsed,label\n1,,x\n", "it is JMeter's, and holds no figures"),
        (b"<testResults><sample t='1'>", "it is no valid XML: no element found"),
    ],
)
def test_reasons(data: bytes, reason: str) -> None:
    found = outcome(Content("results", data))
    assert isinstance(found, str)
    assert found.startswith(reason)


@pytest.mark.parametrize("word", WORDS)
def test_hostile_names(word: str) -> None:
    runs = [{"command": word, "times": [1, 2]}, {"command": word, "times": [3], "parameters": {word: word}}]
    assert isinstance(outcome(Content("hostile", json.dumps({"results": runs}).encode("utf-8"))), Results)


MILLION = 1_000_000


@pytest.mark.parametrize(
    "text",
    [
        lambda: '{"results": [{"command": "a", "times": [' + "1," * MILLION + "1]}]}",
        lambda: '{"results": [' + '{"command": "a", "times": [1]},' * 20_000 + "{}]}",
        lambda: "BenchmarkA 9 1 ns/op\n" * (MILLION // 4),
        lambda: "Benchmark" + " 1" * MILLION,
        lambda: "timeStamp,elapsed,label\n" + "1,5,a\n" * (MILLION // 2),
        lambda: "<testResults>" + '<s t="1"/>' * (MILLION // 4) + "</testResults>",
        lambda: "<testResults>" + "<s>" * (MILLION // 4),
        lambda: "metric_name,timestamp,metric_value\n" + "http_req_duration,1,5\n" * (MILLION // 4),
        lambda: '{"metric": "a", "type": "Point", "data": {"value": 1}}\n' * (MILLION // 10),
        lambda: (
            '[{"method": "GET", "num_requests": 1e99, "response_times": {'
            + ",".join(f'"{n}": 1e99' for n in range(MILLION // 10))
            + "}}]"
        ),
        lambda: '{"benchmarks": [' + ",".join(f'{{"run_type": "", "c{n}": 1}}' for n in range(MILLION // 10)) + "]}",
        lambda: "goos: linux\n" + "sec/op vs " * MILLION,
        lambda: "BenchmarkA 9 1 ns/op\nUnit a" + " " * MILLION + "better=\nBenchmarkB" + " " * MILLION + "\n",
        lambda: "x" * (20 * MILLION),
        lambda: " " * (20 * MILLION),
        lambda: '"' + "\n" * MILLION,
    ],
)
def test_large_files(text: Any) -> None:
    outcome(Content("large", text().encode("utf-8")))


def test_a_million_figures_are_all_there() -> None:
    data = b'{"results": [{"command": "a", "times": [' + b"1," * (MILLION - 1) + b"3]}]}"
    found = outcome(Content("large", data))
    assert isinstance(found, Results)
    assert (found.series[0].n, found.series[0].statistic("max")) == (MILLION, 3)


def test_samples_hold_no_host_and_no_path() -> None:
    for path in EVIDENCE.rglob("*"):
        if path.is_file():
            assert not re.search(rb"127\.0\.0\.1|localhost|/(?:root|home|tmp|usr)/", path.read_bytes()), path

"""Inline text as authors type it: what it says, what it is called, and whether it was ever filled in."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterable
from datetime import date
from functools import lru_cache

from mkdocs_perfcase.expression import expression

_LONGEST = 4_000  # characters; what is longer is prose, shown but never compared
_MARKED_UP = expression(r"[\\*_`\[<&~{\x02]")
_CODE = expression(r"(?<![\\`])(`+)(?!`)(.+?)(?<!`)\1(?!`)", re.DOTALL)
_KEPT = expression("\x1a(\\d+)\x1a")
_INLINE = (
    (expression(r"(?<!\s)\s*\{(?::|\s*(?=[#.]))[^{}]*\}\s*$"), ""),  # an attribute list at the end
    (expression(r"<!--.*?-->", re.DOTALL), ""),
    (expression(r"\x02[^\x02\x03]*\x03"), ""),
    (expression(r"!?\[((?:[^\[\]\\]|\\.)*)\](?:\([^()]*(?:\([^()]*\)[^()]*)*\)|\[[^\[\]]*\])"), r"\1"),
    (expression(r"</?[A-Za-z][^<>]*>"), ""),
    (expression(r"(?<!\\)(\*{1,3}|~~|(?<!\w)_{1,3})(?=\S)(.+?)(?<=\S)(?<!\\)\1(?!\w)", re.DOTALL), r"\2"),
    (expression(r"\\([\\`*_{}\[\]()>#+\-.!|~&<])"), r"\1"),
)


_COMMENT = expression(r"<!--(?:(?!<!--|-->).)*-->", re.DOTALL)


def without_comments(text: str) -> str:
    """A text as it shows, but with every line still in its place."""
    return _COMMENT.sub(lambda match: "\n" * match[0].count("\n"), text) if "<!--" in text else text


@lru_cache(maxsize=4096)
def plain(text: str) -> str:
    """The text a reader sees: no emphasis, links, code marks, comments, tags or escapes; white space folded."""
    if len(text) <= _LONGEST and _MARKED_UP.search(text):
        codes: list[str] = []

        def kept(match: re.Match[str]) -> str:
            codes.append(match[2])
            return f"\x1a{len(codes) - 1}\x1a"

        if "`" in text:
            text = _CODE.sub(kept, text.replace("\x1a", ""))
        for pattern, replacement in _INLINE:
            text = pattern.sub(replacement, text)
        text = html.unescape(text)
        if codes:
            text = _KEPT.sub(lambda match: codes[int(match[1])], text)
    return " ".join(text.split())


_NUMBERING = expression(
    r"^\s*(?:§\s*\d+[.\d]*|(?:part|section|step|chapter|teil)\s+\d+[.:)]?|\d+(?:\.\d+)*[.):]?|[IVX]+\.|[a-z]\))\s+",
    re.IGNORECASE,
)
_ATTRIBUTES = expression(r"(?<!\s)\s+\{(?=[^{}\n]*[#.=])[^{}\n]*\}\s*$")
_SHORTCODES = expression(r"^(?:\s*:[\w+-]+:)+|(?::[\w+-]+:\s*)+$")
_JOINING = {"and", "vs", "versus"}
_KEYCAP = expression("[\ufe0e\ufe0f\u20e3]")
_WORD = expression(r"[^\W_]+")
_REMARK = expression(r"\s*(?:[(\[（][^()\[\]（）]*[)\]）]|\s[-–—|]\s.*)\s*$")
_MOST_KEYS = 5
_STATUS_WORDS = expression(r"(?:\s+(?:done|completed?|wip|draft|pending|tbd|todo|passed|in progress|ok))+$")


@lru_cache(maxsize=4096)
def name_key(text: str) -> str:
    """A heading's or a field's name without its decoration: case, numbering, emoji, attributes, bold, punctuation."""
    if len(text) > _LONGEST:
        return " ".join(text.casefold().split())
    bare = _SHORTCODES.sub("", plain(_ATTRIBUTES.sub("", text)))
    if not bare.isascii():  # full-width letters, soft hyphens and zero-width spaces look like others, or like nothing
        bare = "".join(
            c for c in unicodedata.normalize("NFKC", _KEYCAP.sub("", bare)) if unicodedata.category(c) != "Cf"
        )
        bare = bare.lstrip("\u2610\u2611\u2705\u274c ")
    words = _WORD.findall(_NUMBERING.sub("", bare).casefold())
    return " ".join(word for word in words if word not in _JOINING) if len(words) > 1 else " ".join(words)


@lru_cache(maxsize=4096)
def name_keys(text: str) -> tuple[str, ...]:
    """The keys under which a decorated name may be known, the exact one first.

    A remark (`(if applicable)`, `- done`) and a status word at the end are dropped in the later ones.
    """
    keys = [name_key(text)]
    bare = plain(_ATTRIBUTES.sub("", text)) if len(text) <= _LONGEST else ""
    while (shorter := _REMARK.sub("", bare)) != bare and len(keys) < _MOST_KEYS:
        bare = shorter
        keys.append(name_key(bare))
    keys.append(_STATUS_WORDS.sub("", keys[-1]))
    return tuple(dict.fromkeys(key for key in keys if key))


_BRACKETS = expression(r"^[\[［] ?(.*?) ?[\]］]$")  # of folded white space


@lru_cache(maxsize=4096)
def placeholder_key(text: str) -> str:
    """A placeholder's text for comparison: brackets, escapes and case don't matter."""
    seen = plain(text)
    match = _BRACKETS.match(seen)
    return (match[1] if match else seen).casefold()


_WHOLE = expression(
    r"(?:tb[dac]|to-?do|fixme|xxx+|\?{2,}|fill[ -](?:me |this )?in|\.{3}|…"
    r"|\{\s*\}|lorem ipsum.*)\.?",
    re.IGNORECASE,
)
_WITHIN = expression(
    r"\bTBD\b"
    r"|^(?:TODO|FIXME)\s*[:(–—-]"
    r"|[\[(<{]\s*(?:TODO|TBD|TBA|TBC|FIXME|fill(?:[ -]?(?:me|this))?(?:[ -]?in)?)\s*[\])>}]"
    r"|[\[(]\s*(?:(?:insert|your) [^\])>}]{1,40}|placeholder)\s*[\])]"
    r"|(?:(?<=^)|(?<=[\s~<>≈(/$€£]))_{3,}(?=$|[\s%),.;/]|(?:ms|s|MB|KB|GB|x|rps|req)\b)",
    re.IGNORECASE,
)
_STAND_IN = expression(
    r"\W*[xyz]\s?(?:%|ms|s|mb|kb|gb|rps|requests/sec|req/s|x)\W*",
    re.IGNORECASE,
)
_LONGEST_STAND_IN = 18  # characters, as in "[X requests/sec]"
_SUSPECTS = (
    *("tbd", "tba", "tbc", "todo", "to-do", "fixme", "fill", "xxx", "??", "...", "…", "___", "lorem", "placeholder"),
    *("{ }", "{}", *(f"{bracket}{word}" for bracket in "[(" for word in ("insert ", "your "))),
)


def may_hold_placeholder(page: str) -> bool:
    """Whether a whole page's text, in lower case, holds any of the usual placeholders' words.

    Spares asking for every part of it.
    """
    return any(word in page for word in _SUSPECTS)


def generic_placeholder(text: str) -> str | None:
    """The part of a text that stands for something yet to be written (`TBD`, `___`, `[FILL IN]`), if any.

    Words that also occur in prose (*a TODO list*) count only where they can't be prose; code never counts.
    """
    if len(text) > _LONGEST:
        return None
    bare = " ".join(_CODE.sub("`…`", text).replace("\\", "").split()).strip("* ")
    unwrapped = _BRACKETS.sub(r"\1", bare).strip("()<>")
    if _WHOLE.fullmatch(unwrapped):
        return bare
    match = _WITHIN.search(bare)
    return match[0].strip() if match else None


def is_stand_in(text: str) -> bool:
    """Whether a text is a letter in place of a figure, such as `X ms`."""
    return len(text) <= _LONGEST_STAND_IN and bool(_STAND_IN.fullmatch(text))


def _stems(key: str) -> set[str]:
    return {word[:-1] if len(word) > 3 and word.endswith("s") else word for word in key.split()} - {"and", "of", "the"}


@lru_cache(maxsize=4096)  # records share most of their headings and criteria
def similarity(left: str, right: str, at_least: float = 0.0) -> float:
    """How alike two names are, 0 to 1: by their letters, or by the words that they share.

    Letters that can't reach `at_least` aren't compared one by one.
    """
    a, b = name_key(left), name_key(right)
    if not a or not b or len(a) + len(b) > _LONGEST:
        return 0.0
    words_a, words_b = _stems(a), _stems(b)
    shared = len(words_a & words_b) / max(1, min(len(words_a), len(words_b)))
    if 2 * min(len(a), len(b)) < at_least * (len(a) + len(b)):
        return shared * 0.9
    from difflib import SequenceMatcher  # takes long to import, and few names come as near as this

    letters = SequenceMatcher(None, a, b, autojunk=False)
    return shared * 0.9 if letters.quick_ratio() < at_least else max(letters.ratio(), shared * 0.9)


def look_alike(name: str, candidates: Iterable[str], at_least: float = 0.7) -> str | None:
    """The candidate most like a name, or None where none is close."""
    best = max(candidates, key=lambda candidate: similarity(name, candidate), default=None)
    return best if best is not None and similarity(name, best) >= at_least else None


def written(value: object) -> str:
    """A front matter value as text; empty for a list or a mapping, which aliases can make endless, and for no value."""
    if not isinstance(value, str | int | float | date) or (isinstance(value, int) and value.bit_length() > _LONGEST):
        return ""  # Python refuses to write the longest numbers out
    return str(value).encode("utf-8", "replace").decode()


def quoted(text: str, longest: int = 100) -> str:
    """A text from a page, in one line and in quotes."""
    line = " ".join(text.split())
    return f'"{line if len(line) <= longest else line[: longest - 1] + "…"}"'


@lru_cache(maxsize=4096)
def loose_keys(text: str) -> frozenset[str]:
    """The keys under which a field's name may be known, spaces and plurals aside: `Tradeoffs` is `Trade-offs`."""
    return frozenset("".join(word.removesuffix("s") for word in key.split()) for key in name_keys(text))

"""Reference pages as Markdown, generated from the declarations of rules, options and verbs."""

from __future__ import annotations

import inspect
import json
import re
from html import escape

from mkdocs_perfcase.check import Project
from mkdocs_perfcase.cli import verb
from mkdocs_perfcase.evidence.readers import READERS
from mkdocs_perfcase.examples import OPEN_PATH, findings, open_record, studied
from mkdocs_perfcase.export import export, export_csv, page_url
from mkdocs_perfcase.findings import RULES, Rule
from mkdocs_perfcase.json_text import as_json
from mkdocs_perfcase.options import declared
from mkdocs_perfcase.schema import FILE
from mkdocs_perfcase.views import record_view

_SCHEMA = "command-line.md#schema"


def rules_page() -> str:
    """The list of all rules, each linked to its page beside this one."""
    rows = [
        f"| [{r.code}]({r.name}.md) | [{r.name}]({r.name}.md) | {r.severity.name.lower()} | {r.summary} |"
        for r in sorted(RULES.values(), key=lambda rule: rule.code)
    ]
    return "\n".join(
        [
            "# Rules",
            "",
            "What is checked, and how grave a finding is unless the option `rules` says otherwise. A strict build",
            "fails on any warning or error.",
            "",
            "| Code | Name | Severity | Finds |",
            "| --- | --- | --- | --- |",
            *rows,
            "",
        ]
    )


def rule_page(rule: Rule) -> str:
    """One rule: what it finds, why that matters, a bad and a good example."""
    return f"""# {rule.name}

[Rules](index.md) · `{rule.code}` · {rule.severity.name.lower()}

{rule.summary}

{rule.explanation}

## Bad

{_fenced(rule.bad)}

{_fenced(_said(rule), "text")}

## Good

{_fenced(rule.good)}
"""


def _said(rule: Rule) -> str:
    """What a build says of the bad example."""
    return "\n".join(str(finding) for finding in findings(rule, rule.bad))


def _fenced(text: str, language: str = "markdown") -> str:
    return f"````{language}\n{text.rstrip()}\n````"


def options_page() -> str:
    """Every option with its default and meaning."""
    editors = f"Editors complete and check them by [this schema]({FILE}), which [`perfcase schema`]({_SCHEMA}) prints."
    parts = ["# Options", "", f"All of them may be left out. {editors}", ""]
    for name, default, _, doc in declared():
        shown = default if isinstance(default, str) else json.dumps(default)
        parts += [f"## {name}", "", f"Default: `{shown}`", "", doc, ""]
    return "\n".join(parts)


_EXPORT = re.compile(r"<!-- export: (json|csv) -->")


def with_exports(page: str) -> str:
    """A page on which each `<!-- export: FORMAT -->` gives way to the export of the example with an open criterion."""
    return _EXPORT.sub(lambda match: _exported(match[1]), page)


def _exported(form: str) -> str:
    project = Project()
    study = studied(open_record(), project, OPEN_PATH)
    records = [record_view(study, project.options)] if study else []
    data = export(records, lambda path: page_url(path, directories=True))
    return _fenced({"json": as_json, "csv": export_csv}[form](data), form)


_TOOLS = "<!-- tools -->"


def with_tools(page: str) -> str:
    """A page on which `<!-- tools -->` gives way to the tools whose result files are read."""
    return page.replace(_TOOLS, _tools())


def _tools() -> str:
    readers = sorted(READERS, key=lambda one: one.tool.casefold())
    rows = (f"| [{one.tool}]({one.source}) | {_cell(one.files)} |" for one in readers)
    return "\n".join(["| tool | how its file is made |", "| --- | --- |", *rows])


def _cell(text: str) -> str:
    return escape(text, quote=False).replace("|", "\\|")


_VERB = re.compile(r"<!-- options: ([a-z]+) -->")


def with_verbs(page: str) -> str:
    """A page on which each `<!-- options: VERB -->` gives way to what that verb does and takes."""
    return _VERB.sub(lambda match: _verb_help(match[1]), page)


def _verb_help(name: str) -> str:
    command = verb(name)
    context = command.context_class(command, info_name=f"perfcase {name}")
    takes = " ".join(command.collect_usage_pieces(context))
    told = inspect.cleandoc(command.help or "")
    named = [parameter for parameter in command.params if parameter.param_type_name == "option"]
    records = filter(None, (parameter.get_help_record(context) for parameter in named))
    options = "\n".join(f"- `{names}`: {' '.join(meaning.split())}" for names, meaning in records)
    return f"`{context.info_name} {takes}`\n\n{escape(told, quote=False)}\n\n{options}".rstrip()

"""`junit`: a suite of tests for each page, as many CI servers show them."""

from __future__ import annotations

from itertools import groupby
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from mkdocs_perfcase.findings import Finding
from mkdocs_perfcase.formats.registry import Look, format_of
from mkdocs_perfcase.report import Report
from mkdocs_perfcase.telling import printable


@format_of("junit")
def junit(report: Report, _: Look) -> str:
    """What fails the run is a failure, every other finding a skipped test. Without any finding, one test passes."""
    root = Element("testsuites", name="perfcase")
    for path, findings in groupby(report.findings, key=lambda finding: finding.path):
        suite = SubElement(root, "testsuite", name=printable(path))
        for finding in findings:
            _add_case(suite, finding, failed=report.fails_by(finding))
    if not report.findings:
        suite = SubElement(root, "testsuite", name="perfcase")
        SubElement(suite, "testcase", name="nothing found", classname="perfcase")
    for element in [*root, root]:
        _count(element)
    ElementTree.indent(root)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{ElementTree.tostring(root, encoding="unicode")}\n'


def _add_case(suite: Element, finding: Finding, failed: bool) -> None:
    path, said = printable(finding.path), printable(finding.text)
    name = f"{finding.code} {finding.rule} (line {finding.line})"
    case = SubElement(suite, "testcase", name=name, classname=path, file=path, line=str(finding.line))
    outcome = SubElement(case, "failure" if failed else "skipped", message=said)
    if failed:
        outcome.set("type", finding.severity.name.lower())
        outcome.text = f"{path}:{finding.line}:{finding.column}: {finding.code} {said}"


def _count(suites: Element) -> None:
    for name, tag in (("tests", "testcase"), ("failures", "failure"), ("skipped", "skipped")):
        suites.set(name, str(len(list(suites.iter(tag)))))
    suites.set("errors", "0")

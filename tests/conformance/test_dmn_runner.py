"""The runner itself: it must see what fails."""

import json
from pathlib import Path

import pytest

from tests.conformance.__main__ import main

MODEL = """<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/"
    namespace="urn:own" name="risk" id="m">
  <inputData id="age" name="age"><variable name="age" typeRef="number"/></inputData>
  <decision id="level" name="level"><variable name="level" typeRef="string"/>
    <informationRequirement><requiredInput href="#age"/></informationRequirement>
    <decisionTable hitPolicy="UNIQUE">
      <input><inputExpression><text>age</text></inputExpression></input>
      <output/>
      <rule><inputEntry><text>&lt; 80</text></inputEntry><outputEntry><text>"低"</text></outputEntry></rule>
      <rule><inputEntry><text>&gt;= 80</text></inputEntry><outputEntry><text>"高"</text></outputEntry></rule>
    </decisionTable>
  </decision>
</definitions>"""
CASES = """<testCases xmlns="http://www.omg.org/spec/DMN/20160719/testcase"
    xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema">
  <modelName>risk.dmn</modelName>
  <testCase id="right"><inputNode name="age"><value xsi:type="xsd:decimal">81</value></inputNode>
    <resultNode name="level"><expected><value xsi:type="xsd:string">高</value></expected></resultNode>
  </testCase>
  <testCase id="wrong"><inputNode name="age"><value xsi:type="xsd:decimal">81</value></inputNode>
    <resultNode name="level"><expected><value xsi:type="xsd:string">低</value></expected></resultNode>
  </testCase>
  <testCase id="null"><inputNode name="age"><value xsi:type="xsd:string">old</value></inputNode>
    <resultNode name="level"><expected><value xsi:nil="true"/></expected></resultNode>
  </testCase>
</testCases>"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    inner = tmp_path / "own" / "risk"
    inner.mkdir(parents=True)
    (inner / "risk.dmn").write_text(MODEL, encoding="utf-8")
    (inner / "risk-test-01.xml").write_text(CASES, encoding="utf-8")
    return tmp_path


def test_it_prints_n_of_m_and_each_failure(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["dmn", str(folder)]) == 1
    printed = capsys.readouterr().out.splitlines()
    assert printed[-1] == "2 of 3"
    assert printed[0] == "✗ own/risk-test-01/wrong/level: expected '低', got '高'"


def test_it_reports_as_json(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["dmn", str(folder), "--json"])
    report = json.loads(capsys.readouterr().out)
    assert (report["passed"], report["total"]) == (2, 3)
    assert report["failures"][0]["case"].endswith("wrong/level")


def test_an_empty_folder_is_no_success(tmp_path: Path) -> None:
    assert main(["dmn", str(tmp_path)]) == 1


def test_a_model_that_cannot_be_read_fails_its_cases(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "own" / "risk" / "risk.dmn").write_text("<nothing/>", encoding="utf-8")
    assert main(["dmn", str(folder)]) == 1
    assert capsys.readouterr().out.splitlines()[-1] == "0 of 3"

"""Small decision files for tests."""

from html import escape

from engine.decisions import DecisionModel, read_dmn

NAMESPACE = "https://www.omg.org/spec/DMN/20230324/MODEL/"


def document(inside: str, *, namespace: str = NAMESPACE, own: str = "urn:test") -> bytes:
    """A whole file around some elements."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><definitions xmlns="{namespace}" id="d" name="d" '
        f'namespace="{own}">{inside}</definitions>'
    ).encode()


def model(inside: str) -> DecisionModel:
    return read_dmn(document(inside))


def literal(text: str, kind: str = "") -> str:
    """A boxed literal expression."""
    attribute = f' typeRef="{kind}"' if kind else ""
    return f"<literalExpression{attribute}><text>{escape(text)}</text></literalExpression>"


def decision(name: str, logic: str, *, needs: str = "", kind: str = "", id_: str = "") -> str:
    """A decision; ``needs`` are ids: ``input:age decision:score knowledge:rate``."""
    requirements = ""
    for need in needs.split():
        what, _, target = need.partition(":")
        tag, inner = {
            "input": ("informationRequirement", "requiredInput"),
            "decision": ("informationRequirement", "requiredDecision"),
            "knowledge": ("knowledgeRequirement", "requiredKnowledge"),
        }[what]
        requirements += f'<{tag}><{inner} href="#{target}"/></{tag}>'
    typed = f' typeRef="{kind}"' if kind else ""
    variable = f'<variable name="{name}"{typed}/>'
    return f'<decision id="{id_ or name}" name="{name}">{variable}{requirements}{logic}</decision>'


def input_data(name: str, kind: str = "") -> str:
    typed = f' typeRef="{kind}"' if kind else ""
    return f'<inputData id="{name}" name="{name}"><variable name="{name}"{typed}/></inputData>'


def table(
    policy: str,
    inputs: str,
    outputs: str,
    *rules: str,
    aggregation: str = "",
    ranks: str = "",
    default: str = "",
    allowed: str = "",
) -> str:
    """A table: ``inputs`` and ``outputs`` are names separated by spaces, a rule is ``a | b => c | d``."""
    columns = "".join(
        f'<input label="{each}"><inputExpression><text>{each}</text></inputExpression>'
        + (f"<inputValues><text>{escape(allowed)}</text></inputValues>" if allowed else "")
        + "</input>"
        for each in inputs.split()
    )
    names = outputs.split()
    for position, each in enumerate(names):
        name = f' name="{each}"' if len(names) > 1 else ""
        columns += f"<output{name}>"
        if ranks and position == 0:
            columns += f"<outputValues><text>{escape(ranks)}</text></outputValues>"
        if default:
            columns += f"<defaultOutputEntry><text>{escape(default)}</text></defaultOutputEntry>"
        columns += "</output>"
    rows = ""
    for number, rule in enumerate(rules, 1):
        conditions, _, conclusions = rule.partition("=>")
        cells = "".join(
            f"<inputEntry><text>{escape(each.strip())}</text></inputEntry>" for each in conditions.split("|")
        )
        cells += "".join(
            f"<outputEntry><text>{escape(each.strip())}</text></outputEntry>"
            for each in conclusions.split("|")
        )
        rows += f'<rule id="r{number}">{cells}</rule>'
    collected = f' aggregation="{aggregation}"' if aggregation else ""
    return f'<decisionTable id="t" hitPolicy="{policy}"{collected}>{columns}{rows}</decisionTable>'

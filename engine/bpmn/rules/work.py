"""Rules about activities, expressions and amounts of time."""

from engine.bpmn.rules.rule import Rule, error, warning

RULES: dict[str, Rule] = {
    "service-without-type": error(
        "服务任务没有说明由什么处理。",
        "The service task doesn't say what does it.",
        '加上 <wulian:service type="…"/>。',
        'Add <wulian:service type="…"/>.',
    ),
    "rule-without-decision": error(
        "业务规则任务没有说明用哪张决策表。",
        "The business-rule task doesn't say which decision.",
        '加上 <wulian:decision ref="…" result="…"/>。',
        'Add <wulian:decision ref="…" result="…"/>.',
    ),
    "script-language": error(
        "脚本语言“{value}”不执行,只执行 FEEL 赋值。",
        'Scripts in "{value}" aren\'t run, only FEEL assignments.',
        "改写成“名称 = FEEL”的行,scriptFormat 写 feel。",
        "Rewrite it as lines `name = FEEL` with scriptFormat feel.",
    ),
    "script-missing": warning(
        "脚本任务没有内容。",
        "The script task is empty.",
        "写上赋值,或删除它。",
        "Add assignments, or remove it.",
    ),
    "script-line": error(
        "第 {line} 行不是“名称 = FEEL”:{value}",
        "Line {line} isn't `name = FEEL`: {value}",
        "一行一个赋值。",
        "One assignment a line.",
    ),
    "call-without-process": error(
        "调用活动没有说明调用哪个流程。",
        "The call activity doesn't say which process.",
        "填写 calledElement。",
        "Fill in calledElement.",
    ),
    "task-without-role": warning(
        "没有说明由谁办理,谁的待办里都不会出现。",
        "It doesn't say who does it; it would be in nobody's list.",
        '加上 <wulian:task role="…"/>。',
        'Add <wulian:task role="…"/>.',
    ),
    "loop-without-condition": error(
        "循环既没有条件也没有次数上限。",
        "The loop has neither a condition nor a maximum.",
        "写上循环条件或 loopMaximum。",
        "Give a condition or loopMaximum.",
    ),
    "loop-number": error(
        "{attribute} 不能是“{value}”,要不小于 {least} 的整数。",
        '{attribute} can\'t be "{value}"; it must be a whole number from {least}.',
        "改成有效的次数。",
        "Use a valid number.",
    ),
    "multi-instance-of-what": error(
        "多实例没有说明对什么逐个办理。",
        "The multi-instance activity doesn't say of what.",
        "写上 loopCardinality 或 wulian:collection。",
        "Give loopCardinality or wulian:collection.",
    ),
    "expression": error(
        "{attribute} 中的表达式有误:{reason_zh}",
        "The expression in {attribute} is wrong: {reason_en}",
        "按提示修正;语言是 FEEL。",
        "Correct it as told; the language is FEEL.",
    ),
    "expression-language": error(
        "表达式语言“{value}”不执行,只用 FEEL。",
        'Expressions in "{value}" aren\'t run, only FEEL.',
        "用 FEEL 重写,并去掉 language。",
        "Rewrite it in FEEL and remove language.",
    ),
    "expression-missing": error(
        "{attribute} 是空的。", "{attribute} is empty.", "写上 FEEL 表达式。", "Write a FEEL expression."
    ),
    "amount": error(
        "{attribute} 中的期限“{value}”看不懂:{reason_zh}",
        'The amount "{value}" in {attribute} can\'t be read: {reason_en}',
        "如 3wd(三个工作日)、2h、10d、28@quarter。",
        "For instance 3wd (three working days), 2h, 10d, 28@quarter.",
    ),
}

"""Rules about the file as a whole, and about what is not executed."""

from engine.bpmn.rules.rule import Rule, error, info, warning

_REMOVE = ("请删除,或改用 docs/bpmn.md 列出的元素。", "Remove it, or use an element that docs/bpmn.md lists.")

RULES: dict[str, Rule] = {
    "schema": error(
        "第 {line} 行不符合 BPMN 2.0 的 XML 模式:{reason}",
        "Line {line} doesn't conform to the BPMN 2.0 XML schema: {reason}",
        "用设计器重新保存,或按提示修正该行。",
        "Save it again with the designer, or correct that line.",
    ),
    "index": warning(
        "文件索引不完整:{reason}",
        "The file can't be indexed completely: {reason}",
        "按提示修正该元素;执行不受影响。",
        "Correct the element named; execution isn't affected.",
    ),
    "must-understand": error(
        "文件要求必须理解扩展“{name}”,本系统不认识它。",
        'The file demands that extension "{name}" be understood; it isn\'t known here.',
        "删除该 extension 声明。",
        "Remove that extension declaration.",
    ),
    "no-executable-process": error(
        "文件中没有可执行的流程。",
        "The file has no executable process.",
        "把流程的 isExecutable 设为 true。",
        "Set isExecutable of a process to true.",
    ),
    "process-not-executable": info(
        "流程“{name}”标为不可执行,只作为图保留。",
        'Process "{name}" is marked as not executable; it is kept as a picture only.',
        "要执行它,请把 isExecutable 设为 true。",
        "To run it, set isExecutable to true.",
    ),
    "missing-id": error(
        "一个 {tag} 没有编号(id)。", "A {tag} has no id.", "给它一个编号。", "Give it an id."
    ),
    "id-too-long": error(
        "{tag} 的编号超过 {limit} 个字符。",
        "The id of a {tag} is longer than {limit} characters.",
        "换个短编号。",
        "Give it a shorter id.",
    ),
    "duplicate-id": error(
        "编号“{id}”用了不止一次。",
        'The id "{id}" is used more than once.',
        "给其中一个换个编号。",
        "Give one of them another id.",
    ),
    "too-many-nodes": error(
        "流程节点和连线超过 {limit} 个。",
        "There are more than {limit} nodes and flows.",
        "把流程拆成几个,用调用活动连接。",
        "Split the process and connect the parts with call activities.",
    ),
    "too-many-joins": error(
        "包容网关过多,合并条件无法在限度内算出。",
        "There are too many inclusive joins to work out what they wait for.",
        "减少包容网关,或拆分流程。",
        "Use fewer inclusive gateways, or split the process.",
    ),
    "unsupported-element": error(
        "暂不执行“{tag}”({what_zh})。",
        'A "{tag}" isn\'t executed ({what_en}).',
        *_REMOVE,
    ),
    "unknown-element": error("不认识元素“{tag}”。", 'The element "{tag}" isn\'t known.', *_REMOVE),
    "unsupported-event": error("暂不执行“{trigger}”事件。", 'A "{trigger}" event isn\'t executed.', *_REMOVE),
    "multiple-events": error(
        "一个事件带有 {count} 个触发条件;只执行带一个的。",
        "An event has {count} triggers; only events with one are executed.",
        "拆成几个事件,或用事件网关。",
        "Use several events, or an event-based gateway.",
    ),
    "trigger-not-allowed": error(
        "这里的{place_zh}不能由“{trigger}”触发。",
        'A {place_en} can\'t have the trigger "{trigger}".',
        "换一种触发条件。",
        "Choose another trigger.",
    ),
    "compensation": error(
        "暂不执行补偿。", "Compensation isn't executed.", "去掉补偿标记。", "Remove the compensation marker."
    ),
    "quantity": error(
        "{attribute} 只能是 1。",
        "{attribute} can only be 1.",
        "需要多次时,用多实例。",
        "Use multi-instance where several are needed.",
    ),
    "instantiate": error(
        "暂不支持由“{tag}”启动流程。",
        'A process can\'t be started by a "{tag}" yet.',
        "改用消息开始事件。",
        "Use a message start event.",
    ),
    "multi-instance-behaviour": error(
        "多实例只支持 behavior=All。",
        "Multi-instance supports behavior=All only.",
        "去掉 behavior 及其事件,需要时在子流程中抛出信号。",
        "Remove behavior and its events; throw a signal inside a sub-process where one is needed.",
    ),
    "data-association": error(
        "数据关联会改变变量,暂不执行。",
        "This data association would change data; it isn't executed.",
        "改用 wulian:input 和 wulian:output。",
        "Use wulian:input and wulian:output.",
    ),
    "performer": warning(
        "{tag} 不决定由谁办理。",
        "{tag} doesn't decide who does the work.",
        "用 wulian:task 的 role、at、assignee。",
        "Use role, at and assignee of wulian:task.",
    ),
    "correlation-not-used": warning(
        "{tag} 不起作用。",
        "{tag} has no effect.",
        "用 wulian:correlation 写消息的关联键。",
        "Write the message's key with wulian:correlation.",
    ),
    "foreign-element": warning(
        "流程中夹有其他命名空间的元素“{tag}”,不起作用。",
        'The element "{tag}" of another namespace stands in the process; it has no effect.',
        "放到 extensionElements 里,或删除。",
        "Put it into extensionElements, or remove it.",
    ),
    "foreign-extension": info(
        "{name} 的扩展保留在文件中,但不执行。",
        "The extensions of {name} stay in the file but aren't executed.",
        "需要的部分用 wulian: 扩展重写。",
        "Rewrite what is needed with wulian: extensions.",
    ),
    "unknown-wulian": error(
        "不认识 wulian 扩展“{name}”,或不能用在这里。",
        'The wulian extension "{name}" isn\'t known, or not here.',
        "检查拼写;可用的有:{known}。",
        "Check the spelling; known here: {known}.",
    ),
    "missing-attribute": error(
        "{tag} 缺少 {attribute}。", "{tag} lacks {attribute}.", "补上 {attribute}。", "Add {attribute}."
    ),
    "bad-attribute": error(
        "{attribute} 不能是“{value}”。",
        '{attribute} can\'t be "{value}".',
        "可以是:{allowed}。",
        "It may be: {allowed}.",
    ),
}

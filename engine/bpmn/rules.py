"""The rules a diagram is held to: a stable id, how grave a breach is, what is wrong and what to do, in both languages."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Rule:
    """Sentences are templates; ``{id}`` is the element's id."""

    severity: Literal["error", "warning", "info"]
    zh: str
    en: str
    way_zh: str
    way_en: str


_REMOVE = ("请删除,或改用 docs/bpmn.md 列出的元素。", "Remove it, or use an element that docs/bpmn.md lists.")


def _error(zh: str, en: str, way_zh: str, way_en: str) -> Rule:
    return Rule("error", zh, en, way_zh, way_en)


def _warning(zh: str, en: str, way_zh: str, way_en: str) -> Rule:
    return Rule("warning", zh, en, way_zh, way_en)


def _info(zh: str, en: str, way_zh: str, way_en: str) -> Rule:
    return Rule("info", zh, en, way_zh, way_en)


RULES: dict[str, Rule] = {
    # The file
    "schema": _error(
        "第 {line} 行不符合 BPMN 2.0 的 XML 模式:{reason}",
        "Line {line} doesn't conform to the BPMN 2.0 XML schema: {reason}",
        "用设计器重新保存,或按提示修正该行。",
        "Save it again with the designer, or correct that line.",
    ),
    "index": _error(
        "无法建立流程索引:{reason}",
        "The diagram can't be indexed: {reason}",
        "按提示修正该元素。",
        "Correct the element named.",
    ),
    "must-understand": _error(
        "文件要求必须理解扩展“{name}”,本系统不认识它。",
        'The file demands that extension "{name}" be understood; it isn\'t known here.',
        "删除该 extension 声明。",
        "Remove that extension declaration.",
    ),
    "no-executable-process": _error(
        "文件中没有可执行的流程。",
        "The file has no executable process.",
        "把流程的 isExecutable 设为 true。",
        "Set isExecutable of a process to true.",
    ),
    "process-not-executable": _info(
        "流程“{name}”标为不可执行,只作为图保留。",
        'Process "{name}" is marked as not executable; it is kept as a picture only.',
        "要执行它,请把 isExecutable 设为 true。",
        "To run it, set isExecutable to true.",
    ),
    "missing-id": _error(
        "一个 {tag} 没有编号(id)。", "A {tag} has no id.", "给它一个编号。", "Give it an id."
    ),
    "duplicate-id": _error(
        "编号“{id}”用了不止一次。",
        'The id "{id}" is used more than once.',
        "给其中一个换个编号。",
        "Give one of them another id.",
    ),
    "too-many-nodes": _error(
        "流程节点和连线超过 {limit} 个。",
        "There are more than {limit} nodes and flows.",
        "把流程拆成几个,用调用活动连接。",
        "Split the process and connect the parts with call activities.",
    ),
    "too-many-joins": _error(
        "包容网关过多,合并条件无法在限度内算出。",
        "There are too many inclusive joins to work out what they wait for.",
        "减少包容网关,或拆分流程。",
        "Use fewer inclusive gateways, or split the process.",
    ),
    # What isn't executed
    "unsupported-element": _error(
        "暂不执行“{tag}”({what_zh})。",
        'A "{tag}" isn\'t executed ({what_en}).',
        *_REMOVE,
    ),
    "unknown-element": _error("不认识元素“{tag}”。", 'The element "{tag}" isn\'t known.', *_REMOVE),
    "unsupported-event": _error(
        "暂不执行“{trigger}”事件。", 'A "{trigger}" event isn\'t executed.', *_REMOVE
    ),
    "multiple-events": _error(
        "一个事件带有 {count} 个触发条件;只执行带一个的。",
        "An event has {count} triggers; only events with one are executed.",
        "拆成几个事件,或用事件网关。",
        "Use several events, or an event-based gateway.",
    ),
    "trigger-not-allowed": _error(
        "这里的{place_zh}不能由“{trigger}”触发。",
        'A {place_en} can\'t have the trigger "{trigger}".',
        "换一种触发条件。",
        "Choose another trigger.",
    ),
    "compensation": _error(
        "暂不执行补偿。", "Compensation isn't executed.", "去掉补偿标记。", "Remove the compensation marker."
    ),
    "quantity": _error(
        "{attribute} 只能是 1。",
        "{attribute} can only be 1.",
        "需要多次时,用多实例。",
        "Use multi-instance where several are needed.",
    ),
    "instantiate": _error(
        "暂不支持由“{tag}”启动流程。",
        'A process can\'t be started by a "{tag}" yet.',
        "改用消息开始事件。",
        "Use a message start event.",
    ),
    "multi-instance-behaviour": _error(
        "多实例只支持 behavior=All。",
        "Multi-instance supports behavior=All only.",
        "去掉 behavior 及其事件,需要时在子流程中抛出信号。",
        "Remove behavior and its events; throw a signal inside a sub-process where one is needed.",
    ),
    "data-association": _error(
        "数据关联会改变变量,暂不执行。",
        "This data association would change data; it isn't executed.",
        "改用 wulian:input 和 wulian:output。",
        "Use wulian:input and wulian:output.",
    ),
    "performer": _warning(
        "{tag} 不决定由谁办理。",
        "{tag} doesn't decide who does the work.",
        "用 wulian:task 的 role、at、assignee。",
        "Use role, at and assignee of wulian:task.",
    ),
    "correlation-not-used": _warning(
        "{tag} 不起作用。",
        "{tag} has no effect.",
        "用 wulian:correlation 写消息的关联键。",
        "Write the message's key with wulian:correlation.",
    ),
    "foreign-element": _warning(
        "流程中夹有其他命名空间的元素“{tag}”,不起作用。",
        'The element "{tag}" of another namespace stands in the process; it has no effect.',
        "放到 extensionElements 里,或删除。",
        "Put it into extensionElements, or remove it.",
    ),
    "foreign-extension": _info(
        "{name} 的扩展保留在文件中,但不执行。",
        "The extensions of {name} stay in the file but aren't executed.",
        "需要的部分用 wulian: 扩展重写。",
        "Rewrite what is needed with wulian: extensions.",
    ),
    "unknown-wulian": _error(
        "不认识 wulian 扩展“{name}”,或不能用在这里。",
        'The wulian extension "{name}" isn\'t known, or not here.',
        "检查拼写;可用的有:{known}。",
        "Check the spelling; known here: {known}.",
    ),
    "missing-attribute": _error(
        "{tag} 缺少 {attribute}。", "{tag} lacks {attribute}.", "补上 {attribute}。", "Add {attribute}."
    ),
    "bad-attribute": _error(
        "{attribute} 不能是“{value}”。",
        '{attribute} can\'t be "{value}".',
        "可以是:{allowed}。",
        "It may be: {allowed}.",
    ),
    # Flows
    "flow-dangling": _error(
        "连线的 {end} 指向不存在的节点“{value}”。",
        "The flow's {end} names \"{value}\", which doesn't exist.",
        "把连线接到节点上,或删除它。",
        "Connect the flow to a node, or remove it.",
    ),
    "flow-crosses-scope": _error(
        "连线跨过了流程或子流程的边界。",
        "The flow crosses the border of a process or sub-process.",
        "跨流程用消息,出子流程用结束事件或边界事件。",
        "Use messages between processes, and end or boundary events to leave a sub-process.",
    ),
    "flow-not-allowed": _error(
        "{what_zh}不能有{direction_zh}连线。",
        "A {what_en} can't have {direction_en} flows.",
        "删除该连线。",
        "Remove that flow.",
    ),
    "condition-not-allowed": _error(
        "从{what_zh}出来的连线不能带条件。",
        "A flow out of a {what_en} can't have a condition.",
        "去掉条件,或换成排他网关。",
        "Remove the condition, or use an exclusive gateway.",
    ),
    "default-with-condition": _warning(
        "默认连线上的条件不起作用。",
        "A condition on a default flow has no effect.",
        "去掉该条件。",
        "Remove that condition.",
    ),
    "default-not-outgoing": _error(
        "默认连线“{value}”不是它的出线。",
        'The default flow "{value}" isn\'t one of its outgoing flows.',
        "从它的出线中选一条。",
        "Choose one of its outgoing flows.",
    ),
    "exclusive-unconditioned": _error(
        "排他网关的出线“{value}”没有条件,后面的连线永远走不到。",
        'The flow "{value}" out of an exclusive gateway has no condition; those after it can never be taken.',
        "写上条件,或设为默认连线。",
        "Give it a condition, or make it the default flow.",
    ),
    "exclusive-implicit-default": _warning(
        "排他网关的最后一条出线“{value}”没有条件,总会被选中。",
        'The last flow "{value}" out of an exclusive gateway has no condition; it is taken where no other is.',
        "把它设为默认连线,图就说清楚了。",
        "Make it the default flow, so that the diagram says so.",
    ),
    "no-default": _info(
        "所有条件都不成立时,这里会停下并报告异常。",
        "Where no condition holds, this stops with an incident.",
        "需要时设一条默认连线。",
        "Add a default flow where that can happen.",
    ),
    "gateway-direction": _warning(
        "网关标为 {value},与它的连线不符。",
        "The gateway says {value}, which doesn't fit its flows.",
        "改正 gatewayDirection,或删去该属性。",
        "Correct gatewayDirection, or remove the attribute.",
    ),
    "no-start": _error(
        "“{name}”里没有可以开始的地方。",
        'There is nowhere to start in "{name}".',
        "加一个开始事件。",
        "Add a start event.",
    ),
    "no-end": _warning(
        "“{name}”没有结束的地方。",
        '"{name}" has nowhere to end.',
        "加一个结束事件。",
        "Add an end event.",
    ),
    "several-starts": _warning(
        "有 {count} 个无触发条件的开始事件;启动时要指明用哪一个。",
        "There are {count} start events without a trigger; whoever starts it must name one.",
        "合并为一个,或分成几个流程。",
        "Merge them, or make several processes.",
    ),
    "sub-process-starts": _error(
        "{what_zh}必须恰有一个开始事件,这里有 {count} 个。",
        "{what_en} must have exactly one start event; this has {count}.",
        "留下一个开始事件。",
        "Keep one start event.",
    ),
    "no-incoming": _error(
        "没有连线进入这里,永远不会执行到。",
        "No flow leads here; it can never be reached.",
        "接上连线,或删除它。",
        "Connect it, or remove it.",
    ),
    "unreachable": _warning(
        "从开始事件走不到这里。",
        "No path from a start leads here.",
        "接上连线,或删除它。",
        "Connect it, or remove it.",
    ),
    "endless-loop": _error(
        "这个循环没有等待,也没有出口,会一直转下去:{value}",
        "This loop has no wait and no way out; it would never stop: {value}",
        "在循环里加一项任务、计时或出口条件。",
        "Put a task, a timer or an exit condition into the loop.",
    ),
    "loop-without-wait": _warning(
        "这个循环没有等待;条件若不变,会超出步数限制:{value}",
        "This loop has no wait; unless its condition changes it exceeds the step limit: {value}",
        "确认条件会变化,或加一项任务或计时。",
        "Make sure that the condition changes, or add a task or a timer.",
    ),
    "calls-itself": _warning(
        "这里会不经等待地再次调用自己的流程。",
        "This calls its own process again without a wait.",
        "确认有条件让它停下。",
        "Make sure that a condition ends it.",
    ),
    # Events
    "boundary-host": _error(
        "边界事件必须附在同一层的活动上,“{value}”不是。",
        'A boundary event must be attached to an activity of the same level; "{value}" isn\'t one.',
        "把它拖到一个任务或子流程的边上。",
        "Drag it onto the edge of a task or sub-process.",
    ),
    "boundary-without-flow": _warning(
        "边界事件后面没有连线。",
        "No flow leaves the boundary event.",
        "接上要走的路。",
        "Connect what should follow.",
    ),
    "error-not-interrupting": _error(
        "错误事件总是中断的。",
        "An error event always interrupts.",
        "去掉“非中断”标记。",
        "Remove the non-interrupting mark.",
    ),
    "message-missing": _error(
        "没有指明是哪个消息。", "It doesn't say which message.", "选择一个消息。", "Choose a message."
    ),
    "signal-missing": _error(
        "没有指明是哪个信号。", "It doesn't say which signal.", "选择一个信号。", "Choose a signal."
    ),
    "error-missing": _error(
        "错误结束事件没有指明错误代码。",
        "The error end event doesn't say which error.",
        "选择一个错误,并写上代码。",
        "Choose an error and give it a code.",
    ),
    "reference-missing": _error(
        "引用的“{value}”不存在。",
        'It refers to "{value}", which doesn\'t exist.',
        "重新选择,或补上定义。",
        "Choose again, or add the definition.",
    ),
    "without-name": _warning(
        "{tag}“{value}”没有名称,以编号代替。",
        'The {tag} "{value}" has no name; its id is used.',
        "写上名称,其他系统靠它找到。",
        "Name it; others find it by its name.",
    ),
    "without-code": _warning(
        "错误“{value}”没有代码,以编号代替。",
        'The error "{value}" has no code; its id is used.',
        "写上 errorCode。",
        "Give it an errorCode.",
    ),
    "link-unresolved": _error(
        "链接“{value}”在同一层里没有恰好一个接收处。",
        'The link "{value}" hasn\'t exactly one catch on the same level.',
        "在同一流程里放一个同名的链接捕获事件。",
        "Put one link catch event of that name into the same process.",
    ),
    "timer-missing": _error(
        "定时事件没有写时间。",
        "The timer event doesn't say when.",
        "写上日期、时长或周期。",
        "Give a date, a duration or a cycle.",
    ),
    "timer-unreadable": _error(
        "看不懂时间“{value}”。",
        'The time "{value}" can\'t be read.',
        "时长如 P3D 或 PT2H,日期如 2026-03-01T09:00:00+08:00,周期如 R3/PT10H;或写 FEEL。",
        "A duration like P3D or PT2H, a date like 2026-03-01T09:00:00+08:00, a cycle like R3/PT10H; or FEEL.",
    ),
    "event-gateway-target": _error(
        "事件网关后面只能是定时、消息、信号捕获事件或接收任务。",
        "Only timer, message and signal catch events and receive tasks may follow an event-based gateway.",
        "换成捕获事件。",
        "Use a catch event.",
    ),
    "event-gateway-shared": _error(
        "事件网关后面的事件不能再有别的进线。",
        "An event after an event-based gateway can't have other incoming flows.",
        "复制一个事件。",
        "Use a copy of the event.",
    ),
    "event-gateway-few": _warning(
        "事件网关后面不到两个事件。",
        "Fewer than two events follow the event-based gateway.",
        "加上另一个事件,或去掉网关。",
        "Add another event, or remove the gateway.",
    ),
    # Activities
    "service-without-type": _error(
        "服务任务没有说明由什么处理。",
        "The service task doesn't say what does it.",
        '加上 <wulian:service type="…"/>。',
        'Add <wulian:service type="…"/>.',
    ),
    "rule-without-decision": _error(
        "业务规则任务没有说明用哪张决策表。",
        "The business-rule task doesn't say which decision.",
        '加上 <wulian:decision ref="…" result="…"/>。',
        'Add <wulian:decision ref="…" result="…"/>.',
    ),
    "script-language": _error(
        "脚本语言“{value}”不执行,只执行 FEEL 赋值。",
        'Scripts in "{value}" aren\'t run, only FEEL assignments.',
        "改写成“名称 = FEEL”的行,scriptFormat 写 feel。",
        "Rewrite it as lines `name = FEEL` with scriptFormat feel.",
    ),
    "script-missing": _warning(
        "脚本任务没有内容。",
        "The script task is empty.",
        "写上赋值,或删除它。",
        "Add assignments, or remove it.",
    ),
    "script-line": _error(
        "第 {line} 行不是“名称 = FEEL”:{value}",
        "Line {line} isn't `name = FEEL`: {value}",
        "一行一个赋值。",
        "One assignment a line.",
    ),
    "call-without-process": _error(
        "调用活动没有说明调用哪个流程。",
        "The call activity doesn't say which process.",
        "填写 calledElement。",
        "Fill in calledElement.",
    ),
    "task-without-role": _warning(
        "没有说明由谁办理,谁的待办里都不会出现。",
        "It doesn't say who does it; it would be in nobody's list.",
        '加上 <wulian:task role="…"/>。',
        'Add <wulian:task role="…"/>.',
    ),
    "loop-without-condition": _error(
        "循环既没有条件也没有次数上限。",
        "The loop has neither a condition nor a maximum.",
        "写上循环条件或 loopMaximum。",
        "Give a condition or loopMaximum.",
    ),
    "loop-number": _error(
        "{attribute} 不能是“{value}”,要不小于 {least} 的整数。",
        '{attribute} can\'t be "{value}"; it must be a whole number from {least}.',
        "改成有效的次数。",
        "Use a valid number.",
    ),
    "multi-instance-of-what": _error(
        "多实例没有说明对什么逐个办理。",
        "The multi-instance activity doesn't say of what.",
        "写上 loopCardinality 或 wulian:collection。",
        "Give loopCardinality or wulian:collection.",
    ),
    # Expressions and amounts
    "expression": _error(
        "{attribute} 中的表达式有误:{reason_zh}",
        "The expression in {attribute} is wrong: {reason_en}",
        "按提示修正;语言是 FEEL。",
        "Correct it as told; the language is FEEL.",
    ),
    "expression-language": _error(
        "表达式语言“{value}”不执行,只用 FEEL。",
        'Expressions in "{value}" aren\'t run, only FEEL.',
        "用 FEEL 重写,并去掉 language。",
        "Rewrite it in FEEL and remove language.",
    ),
    "expression-missing": _error(
        "{attribute} 是空的。", "{attribute} is empty.", "写上 FEEL 表达式。", "Write a FEEL expression."
    ),
    "amount": _error(
        "{attribute} 中的期限“{value}”看不懂:{reason_zh}",
        'The amount "{value}" in {attribute} can\'t be read: {reason_en}',
        "如 3wd(三个工作日)、2h、10d、28@quarter。",
        "For instance 3wd (three working days), 2h, 10d, 28@quarter.",
    ),
}

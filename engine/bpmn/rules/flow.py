"""Rules about flows, gateways and events."""

from engine.bpmn.rules.rule import Rule, error, info, warning

RULES: dict[str, Rule] = {
    "flow-dangling": error(
        "连线的 {end} 指向不存在的节点“{value}”。",
        "The flow's {end} names \"{value}\", which doesn't exist.",
        "把连线接到节点上,或删除它。",
        "Connect the flow to a node, or remove it.",
    ),
    "flow-crosses-scope": error(
        "连线跨过了流程或子流程的边界。",
        "The flow crosses the border of a process or sub-process.",
        "跨流程用消息,出子流程用结束事件或边界事件。",
        "Use messages between processes, and end or boundary events to leave a sub-process.",
    ),
    "flow-not-allowed": error(
        "{what_zh}不能有{direction_zh}连线。",
        "A {what_en} can't have {direction_en} flows.",
        "删除该连线。",
        "Remove that flow.",
    ),
    "condition-not-allowed": error(
        "从{what_zh}出来的连线不能带条件。",
        "A flow out of a {what_en} can't have a condition.",
        "去掉条件,或换成排他网关。",
        "Remove the condition, or use an exclusive gateway.",
    ),
    "default-with-condition": warning(
        "默认连线上的条件不起作用。",
        "A condition on a default flow has no effect.",
        "去掉该条件。",
        "Remove that condition.",
    ),
    "default-not-outgoing": error(
        "默认连线“{value}”不是它的出线。",
        'The default flow "{value}" isn\'t one of its outgoing flows.',
        "从它的出线中选一条。",
        "Choose one of its outgoing flows.",
    ),
    "exclusive-unconditioned": error(
        "排他网关的出线“{value}”没有条件,后面的连线永远走不到。",
        'The flow "{value}" out of an exclusive gateway has no condition; those after it can never be taken.',
        "写上条件,或设为默认连线。",
        "Give it a condition, or make it the default flow.",
    ),
    "exclusive-implicit-default": warning(
        "排他网关的最后一条出线“{value}”没有条件,总会被选中。",
        'The last flow "{value}" out of the gateway has no condition; it is taken when no other is.',
        "把它设为默认连线,图就说清楚了。",
        "Make it the default flow, so that the diagram says so.",
    ),
    "no-default": info(
        "所有条件都不成立时,这里会停下并报告异常。",
        "Where no condition holds, this stops with an incident.",
        "需要时设一条默认连线。",
        "Add a default flow where that can happen.",
    ),
    "gateway-direction": warning(
        "网关标为 {value},与它的连线不符。",
        "The gateway says {value}, which doesn't fit its flows.",
        "改正 gatewayDirection,或删去该属性。",
        "Correct gatewayDirection, or remove the attribute.",
    ),
    "no-start": error(
        "“{name}”里没有可以开始的地方。",
        'There is nowhere to start in "{name}".',
        "加一个开始事件。",
        "Add a start event.",
    ),
    "no-end": warning(
        "“{name}”没有结束的地方。",
        '"{name}" has nowhere to end.',
        "加一个结束事件。",
        "Add an end event.",
    ),
    "several-starts": warning(
        "有 {count} 个无触发条件的开始事件;启动时要指明用哪一个。",
        "There are {count} start events without a trigger; whoever starts it must name one.",
        "合并为一个,或分成几个流程。",
        "Merge them, or make several processes.",
    ),
    "sub-process-starts": error(
        "{what_zh}必须恰有一个开始事件,这里有 {count} 个。",
        "{what_en} must have exactly one start event; this has {count}.",
        "留下一个开始事件。",
        "Keep one start event.",
    ),
    "no-incoming": error(
        "没有连线进入这里,永远不会执行到。",
        "No flow leads here; it can never be reached.",
        "接上连线,或删除它。",
        "Connect it, or remove it.",
    ),
    "unreachable": warning(
        "从开始事件走不到这里。",
        "No path from a start leads here.",
        "接上连线,或删除它。",
        "Connect it, or remove it.",
    ),
    "endless-loop": error(
        "这个循环没有等待,也没有出口,会一直转下去:{value}",
        "This loop has no wait and no way out; it would never stop: {value}",
        "在循环里加一项任务、计时或出口条件。",
        "Put a task, a timer or an exit condition into the loop.",
    ),
    "loop-without-wait": warning(
        "这个循环没有等待;条件若不变,会超出步数限制:{value}",
        "This loop has no wait; unless its condition changes it exceeds the step limit: {value}",
        "确认条件会变化,或加一项任务或计时。",
        "Make sure that the condition changes, or add a task or a timer.",
    ),
    "calls-itself": warning(
        "这里会不经等待地再次调用自己的流程。",
        "This calls its own process again without a wait.",
        "确认有条件让它停下。",
        "Make sure that a condition ends it.",
    ),
    "boundary-host": error(
        "边界事件必须附在同一层的活动上,“{value}”不是。",
        'A boundary event must be attached to an activity of the same level; "{value}" isn\'t one.',
        "把它拖到一个任务或子流程的边上。",
        "Drag it onto the edge of a task or sub-process.",
    ),
    "boundary-without-flow": warning(
        "边界事件后面没有连线。",
        "No flow leaves the boundary event.",
        "接上要走的路。",
        "Connect what should follow.",
    ),
    "error-not-interrupting": error(
        "错误事件总是中断的。",
        "An error event always interrupts.",
        "去掉“非中断”标记。",
        "Remove the non-interrupting mark.",
    ),
    "message-missing": error(
        "没有指明是哪个消息。", "It doesn't say which message.", "选择一个消息。", "Choose a message."
    ),
    "signal-missing": error(
        "没有指明是哪个信号。", "It doesn't say which signal.", "选择一个信号。", "Choose a signal."
    ),
    "error-missing": error(
        "错误结束事件没有指明错误代码。",
        "The error end event doesn't say which error.",
        "选择一个错误,并写上代码。",
        "Choose an error and give it a code.",
    ),
    "reference-missing": error(
        "引用的“{value}”不存在。",
        'It refers to "{value}", which doesn\'t exist.',
        "重新选择,或补上定义。",
        "Choose again, or add the definition.",
    ),
    "without-name": warning(
        "{tag}“{value}”没有名称,以编号代替。",
        'The {tag} "{value}" has no name; its id is used.',
        "写上名称,其他系统靠它找到。",
        "Name it; others find it by its name.",
    ),
    "without-code": warning(
        "错误“{value}”没有代码,以编号代替。",
        'The error "{value}" has no code; its id is used.',
        "写上 errorCode。",
        "Give it an errorCode.",
    ),
    "link-unresolved": error(
        "链接“{value}”在同一层里没有恰好一个接收处。",
        'The link "{value}" hasn\'t exactly one catch on the same level.',
        "在同一流程里放一个同名的链接捕获事件。",
        "Put one link catch event of that name into the same process.",
    ),
    "timer-missing": error(
        "定时事件没有写时间。",
        "The timer event doesn't say when.",
        "写上日期、时长或周期。",
        "Give a date, a duration or a cycle.",
    ),
    "timer-unreadable": error(
        "看不懂时间“{value}”。",
        'The time "{value}" can\'t be read.',
        "时长如 P3D 或 PT2H,日期如 2026-03-01T09:00:00+08:00,周期如 R3/PT10H;或写 FEEL。",
        "A duration like P3D or PT2H, a date like 2026-03-01T09:00:00+08:00, a cycle like R3/PT10H; or FEEL.",
    ),
    "event-gateway-target": error(
        "事件网关后面只能是定时、消息、信号捕获事件或接收任务。",
        "Only timer, message and signal catch events and receive tasks may follow an event-based gateway.",
        "换成捕获事件。",
        "Use a catch event.",
    ),
    "event-gateway-shared": error(
        "事件网关后面的事件不能再有别的进线。",
        "An event after an event-based gateway can't have other incoming flows.",
        "复制一个事件。",
        "Use a copy of the event.",
    ),
    "event-gateway-few": warning(
        "事件网关后面不到两个事件。",
        "Fewer than two events follow the event-based gateway.",
        "加上另一个事件,或去掉网关。",
        "Add another event, or remove the gateway.",
    ),
}

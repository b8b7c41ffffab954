"""Functions on contexts (DMN 1.5, 10.3.4.7)."""

from engine.feel.evaluation import Run
from engine.feel.functions.signature import Registry

FUNCTIONS = Registry()
_add = FUNCTIONS.add
Context = dict[str, object]


@_add("get value", "m: context, key: string")
@_add("get value", "context: context, key: string")
def get_value(run: Run, context: Context, key: str) -> object:
    return context.get(key)


@_add("get entries", "m: context")
@_add("get entries", "context: context")
def get_entries(run: Run, context: Context) -> object:
    run.room(len(context))
    return [{"key": key, "value": value} for key, value in context.items()]


@_add("context", "entries: list")
def context_of(run: Run, entries: list[object]) -> object:
    made: Context = {}
    for entry in entries:
        if not isinstance(entry, dict) or "value" not in entry:
            return None
        key = entry.get("key")
        if not isinstance(key, str) or key in made:
            return None
        made[key] = entry["value"]
    return made


@_add("context put", "context: context, key: string, value: any")
def context_put(run: Run, context: Context, key: str, value: object) -> object:
    run.room(len(context) + 1)
    return {**context, key: value}


@_add("context put", "context: context, keys: list, value: any")
def context_put_deep(run: Run, context: Context, keys: list[object], value: object) -> object:
    if not keys or not all(isinstance(key, str) for key in keys):
        return None
    run.room(len(context) + 1)
    key, rest = str(keys[0]), keys[1:]
    if not rest:
        return {**context, key: value}
    inner = context.get(key)
    if not isinstance(inner, dict):
        return None
    run.enter()
    changed = context_put_deep(run, inner, rest, value)
    run.leave()
    return None if changed is None else {**context, key: changed}


@_add("context merge", "contexts: list")
def context_merge(run: Run, contexts: list[object]) -> object:
    merged: Context = {}
    for context in contexts:
        if not isinstance(context, dict):
            return None
        run.room(len(context))
        merged.update(context)
    return merged

"""What a guest may ask of the objects that a check has lent it."""

from typing import Any

CHECK = "__check__"  # the module name of what a check cell defines
CATALOGUE = "course.checks."  # modules of what an exercise's file defines
# What such an object may be asked for that its class has from elsewhere: none of it hands over code
# to be run later, or values to be kept.
SAFE = {
    *("parameters", "named_parameters", "buffers", "named_buffers", "state_dict", "zero_grad"),
    *("children", "named_children", "modules", "named_modules", "requires_grad_", "to"),
    *("train", "eval", "training", "step"),
}


def of_the_check(module: Any) -> bool:
    """Whether what is defined in this module is a check's."""
    return module == CHECK or str(module).startswith(CATALOGUE)


def allow(op: str, target: Any, values: list[Any]) -> None:
    """Refuse a guest what would show it more of the check than it was lent, or change it."""
    if op not in ("get", "set", "call_method"):
        return
    name, kinds = values[0], type(target).__mro__
    home = next((k.__module__ for k in kinds if name in vars(k)), CHECK)
    if (
        op != "get"
        or not of_the_check(type(target).__module__)
        or name.startswith("_")
        or (not of_the_check(home) and name not in SAFE)
    ):
        raise AttributeError("this belongs to the check: it can be called and no more")

"""What a person can do in the chat: who, what, the act, the card. `@pressed` names the button above each handler."""

from importlib import import_module
from pkgutil import iter_modules

from bot.buttons import HANDLERS, Act


def declare() -> None:
    """Read every module here, so that all buttons are declared. RuntimeError naming those that are not."""
    for module in iter_modules(__path__, f"{__name__}."):
        import_module(module.name)
    if missing := [act.name for act in Act if act not in HANDLERS]:
        raise RuntimeError(f"buttons without a handler: {', '.join(missing)}")

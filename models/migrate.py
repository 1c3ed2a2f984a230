"""placeholder"""

from pathlib import Path


def exist() -> bool:
    return any((Path(__file__).parent / "migrations").glob("[0-9]*.py"))


async def migrate(url: str, *, backup: bool = True) -> None: ...

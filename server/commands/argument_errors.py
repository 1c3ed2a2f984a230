"""argparse's own sentences in the reader's language, each with what to do next."""

from __future__ import annotations

import re

from locales import Words

_BEFORE = re.compile(r"argument (?P<argument>.+?): (?P<what>.+)", re.DOTALL)
_SENTENCES = {
    "required": r"the following arguments are required: (?P<names>.+)",
    "one_of": r"one of the arguments (?P<names>.+) is required",
    "choice": r"invalid choice: (?P<value>.+) \(choose from (?P<choices>.+)\)",
    "unknown": r"unrecognized arguments: (?P<names>.+)",
    "no_value": r"expected (?:(?:one|at least one|\d+) arguments?)",
    "with": r"not allowed with argument (?P<other>.+)",
    "number": r"no number: (?P<value>.*)",
    "count": r"no count: (?P<value>.*)",
    "year": r"no year: (?P<value>.*)",
    "day": r"no day: (?P<value>.*)",
    "login": r"no login: (?P<value>.*)",
    "value": r"invalid \S+ value: (?P<value>.+)",
    "ambiguous": r"ambiguous option: (?P<value>.+) could match (?P<choices>.+)",
    "no_more": r"ignored explicit argument (?P<value>.+)",
}


def worded(message: str, words: Words) -> str:
    """The sentence that argparse means; one that it does not know is shown as it is."""
    before = _BEFORE.fullmatch(message)
    argument, what = (before["argument"], before["what"]) if before else ("", message)
    for name, pattern in _SENTENCES.items():
        if match := re.fullmatch(pattern, what, re.DOTALL):
            text = words(f"cli.argument.{name}", **match.groupdict())
            return words("cli.argument.of", argument=argument, what=text) if argument else text
    return words("cli.argument.of", argument=argument, what=what) if argument else what

"""Going through the words of a query, one after the other; each vendor refuses in its own words."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence


class Token(NamedTuple):
    """A word of a query, of what kind it is, and where it stands."""

    kind: str
    text: str
    at: int


class Cursor(ABC):
    """Stands before one of the words; behind the last one, before an end."""

    def __init__(self, tokens: Sequence[Token], text: str) -> None:
        self._tokens = tokens
        self._end = Token("end", "", len(text))
        self._n = 0

    @abstractmethod
    def failure(self) -> Exception:
        """Give what refuses the query, for the word that one stands before."""

    @property
    def now(self) -> Token:
        return self.ahead(0)

    def ahead(self, count: int) -> Token:
        there = self._n + count
        return self._tokens[there] if there < len(self._tokens) else self._end

    def skip(self, count: int = 1) -> None:
        self._n += count

    def back(self) -> None:
        """Stand before the word again that was read last, to refuse it."""
        self._n -= 1

    def end(self) -> None:
        """See that nothing is left."""
        if self.now.kind != "end":
            raise self.failure()

    def next(self) -> Token:
        token = self.now
        if token.kind == "end":
            raise self.failure()
        self.skip()
        return token

    def take(self, text: str) -> bool:
        """Pass a word or a sign, if it is the next; a text in quotes never is."""
        if self.now.kind == "text" or self.now.text.lower() != text:
            return False
        self.skip()
        return True

    def need(self, text: str) -> None:
        if not self.take(text):
            raise self.failure()

    def word(self) -> str:
        if self.now.kind != "word":
            raise self.failure()
        return self.next().text

    def number(self) -> int:
        token = self.next()
        if token.kind != "number" or not token.text.isdecimal():
            self.back()
            raise self.failure()
        return int(token.text)

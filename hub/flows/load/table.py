"""One table of a flow's file, read key by key; what nobody asked for is an unknown key."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hub.settings.faults import nearest, shown

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from hub.flows.load.faults import Faults
    from hub.settings.lines import Place


class Table:
    """Gives what stands under a key; where that cannot be taken, notes a fault and gives less."""

    def __init__(self, values: dict[str, Any], place: Place, faults: Faults) -> None:
        self.place = place
        self._values = values
        self._faults = faults
        self._asked: dict[str, None] = {}

    def __contains__(self, key: str) -> bool:
        return self._values.get(key, False) is not False

    def keys(self) -> list[str]:
        """Give the keys that stand in it; one that says `false` of a table leaves it out."""
        return list(self._values)

    def raw(self, key: str) -> Any:
        """Give what stands under a key as TOML has it; None if nothing does."""
        self._asked[key] = None
        return self._values.get(key)

    def text(self, key: str, default: str | None = None) -> str:
        """Give the text under a key; without a default it must be there."""
        value = self.raw(key)
        if value is None and default is not None:
            return default
        if isinstance(value, str) and value:
            return value
        self._unfit(key, "text", value)
        return default or ""

    def choice(self, key: str, choices: Collection[str], default: str | None = None) -> str:
        """Give one of a few words."""
        value = self.raw(key)
        if value is None and default is not None:
            return default
        if isinstance(value, str) and value in choices:
            return value
        self._unfit(key, one_of(choices), value, hint=nearest(str(value), choices))
        return default or ""

    def texts(self, key: str) -> tuple[str, ...] | None:
        """Give a text, or a list of them; None if nothing stands there."""
        value = self.raw(key)
        if value is None:
            return None
        texts = [value] if isinstance(value, str) else value
        if isinstance(texts, list) and all(isinstance(one, str) for one in texts):
            return tuple(texts)
        self._unfit(key, "text, or a list of texts", value)
        return None

    def whole(self, key: str) -> int | None:
        """Give a whole number of 1 or more; None if nothing stands there."""
        value = self.raw(key)
        if value is None:
            return None
        if isinstance(value, int) and not isinstance(value, bool) and value > 0:
            return value
        self._unfit(key, "a whole number of 1 or more", value)
        return None

    def table(self, key: str) -> Table | None:
        """Give a table; None if there is none."""
        value = self.raw(key)
        if isinstance(value, dict):
            return Table(value, (*self.place, key), self._faults)
        if value not in (None, False):
            self._unfit(key, "a table", value)
        return None

    def needed(self, key: str) -> Table:
        """Give a table that must be there; where it is not, an empty one."""
        table = self.table(key)
        if table is None:
            if self.raw(key) in (None, False):
                self._unfit(key, "a table", self.raw(key))
            return Table({}, (*self.place, key), self._faults)
        return table

    def tables(self) -> Iterator[tuple[str, Table]]:
        """Give the tables in this one by their names."""
        for key in self._values:
            inner = self.table(key)
            if inner is not None:
                yield key, inner

    def list_of_tables(self, key: str) -> list[Table]:
        """Give what is written as `[[key]]`."""
        value = self.raw(key)
        if value is None:
            return []
        if isinstance(value, list) and all(isinstance(one, dict) for one in value):
            places = [(*self.place, key, number) for number in range(len(value))]
            return [Table(one, at, self._faults) for one, at in zip(value, places, strict=True)]
        self._unfit(key, "a list of tables", value)
        return []

    def fault(self, key: str | None, text: str) -> None:
        """Note a fault of a key, or of the table itself."""
        self._faults.add((*self.place, key) if key else self.place, text)

    def line(self) -> int:
        return self._faults.line_of(self.place)

    def close(self, *, of: str = "") -> None:
        """Note each key that nobody asked for."""
        for key in self._values:
            if key not in self._asked:
                where = f" in {of}" if of else ""
                self.fault(key, f"unknown key{where}{nearest(key, self._asked)}")

    def _unfit(self, key: str, expected: str, value: object, *, hint: str = "") -> None:
        found = "nothing" if value is None else shown(value)
        self.fault(key, f"expected {expected}, found {found}{hint}")


def one_of(words: Collection[str]) -> str:
    """Say `"a", "b" or "c"`."""
    *others, last = [f'"{word}"' for word in words]
    return f"{', '.join(others)} or {last}" if others else last


def one_too_many(tables: Collection[str]) -> str:
    """Name the tables where one was expected; one that is extended is there, too."""
    elsewhere = 'where it is in another connection, say connections = { crm = "…" }'
    return f"{' and '.join(tables)}; {elsewhere}" if tables else "none"

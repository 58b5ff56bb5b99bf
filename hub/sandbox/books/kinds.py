"""What a kind of record is to the vendor: how it is made, changed, shown, listed and spoken of."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hub.sandbox.books.organization import Actor, Organization
    from hub.sandbox.system import Fields

Query = Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Filters:
    """Which parameters narrow a list; any other is ignored without a word.

    Each maps a parameter to the way the value is had from a record.
    """

    texts: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    dates: tuple[str, ...] = ()
    search: tuple[str, ...] = ()
    """What `search_text` looks into."""
    by: Callable[[Organization, Fields, str], bool | None] = lambda *_: None
    """`filter_by`: whether a record passes, or None for a name that is not known."""
    derived: Mapping[str, Callable[[Organization, Fields], Any]] = field(default_factory=dict)
    """What is not in the record as it is kept."""


@dataclass(frozen=True, kw_only=True)
class Order:
    """How lists are sorted."""

    column: str
    descending: bool = False
    allowed: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One kind of record."""

    name: str
    """As in the path, and in `state()`."""
    key: str
    """As in an answer that holds one."""
    id_field: str
    called: str
    """As in a refusal: `Contact does not exist.`"""
    scope: str
    report: str
    create: Callable[[Organization, Fields, Actor, Query], Fields]
    change: Callable[[Organization, Fields, Fields, Actor], None]
    remove: Callable[[Organization, Fields, Actor], None]
    detail: Callable[[Organization, Fields], Fields]
    row: Callable[[Organization, Fields], Fields]
    order: Order
    filters: Filters = Filters()
    applied_filter: str = "Status.All"
    modified_filter: bool = False
    """Whether `last_modified_time` narrows its list."""
    created_message: str = ""
    changed_message: str = ""
    removed_message: str = ""
    one_as_list: bool = False
    """Whether even a single one comes as a list."""

    def shown(self, organization: Organization, record: Fields) -> Fields:
        """Give what an answer about one record holds."""
        detail = self.detail(organization, record)
        return {self.key: [detail] if self.one_as_list else detail}

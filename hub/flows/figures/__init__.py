"""Figures of a customer or of an invoice, as the hub itself works them out of documents.

figure.py   the closed list, and each figure         standing.py   how an invoice stands on a day
proof.py    the ledger's identity, held or not       documents.py  what each document says in money
"""

from hub.flows.figures.documents import Documents
from hub.flows.figures.figure import (
    AS_OF,
    FIGURES,
    IN_ONE_CURRENCY,
    Figure,
    SeveralCurrencies,
    figure,
)
from hub.flows.figures.proof import Proof, proof
from hub.flows.figures.standing import Standing, standings

__all__ = [
    "AS_OF",
    "FIGURES",
    "IN_ONE_CURRENCY",
    "Documents",
    "Figure",
    "Proof",
    "SeveralCurrencies",
    "Standing",
    "figure",
    "proof",
    "standings",
]

"""roads: webhooks of Zoho Books over 64 connections, each proved, kept and answered.

Each is the default payload of a payment, about 1.4 KB, and becomes two events in one commit: the
observation that it is, and the notice that has the record read in full. The reading is left out
here: the connection has no grant.

Yardstick: what `intake` measures, records of 350 bytes pushed to the same hub in turn with them.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from hub.app import running
from hub.sandbox.respond import encode
from hub.sandbox.systems import all_systems
from hub.sandbox.world import World
from hub.settings import Secret, load
from hub.vault import Vault, master_keys
from ops.bench.ground import ratio, tell
from ops.bench.intake import CONFIG, CONNECTIONS, KEY, ROUNDS, send
from ops.bench.sender import MOMENT, PAYMENT_ID

if TYPE_CHECKING:
    from hub.database import Database

BOOKS = """
[connections.books]
system = "zoho_books"
client_id = "sandbox"
secret_env = "BENCH_SECRET"
organization = "810000001"
"""


async def main() -> None:
    with tempfile.TemporaryDirectory(prefix="hub-bench-") as home:
        config, payload = Path(home) / "hub.toml", Path(home) / "payment.json"
        config.write_text(CONFIG + BOOKS)
        payload.write_bytes(_payment())
        variables = {"HUB_HOME": home, "BENCH_SECRET": KEY, "PATH": os.environ["PATH"]}
        settings = load(config, variables)

        async def agree(database: Database) -> None:
            vault = Vault(database.schema, master_keys(settings.home, variables))
            async with database.connected() as db:
                await vault.keep(db, "books", "webhook_secret", Secret(KEY))

        async with running(settings, variables, prepare=agree) as hub:
            rates, pushed_rates, waits = [], [], []
            for round_ in range(-1, ROUNDS):
                pushed = await send(hub.port, round_)
                told = await send(hub.port, round_, str(payload))
                if round_ >= 0:
                    pushed_rates.append(pushed["rate"])
                    rates.append(told["rate"])
                    waits.append(told)
        tell(
            "roads",
            ratio=ratio(rates, pushed_rates),
            rate=int(sorted(rates)[ROUNDS // 2]),
            pushed_rate=int(sorted(pushed_rates)[ROUNDS // 2]),
            p50_ms=sorted(each["p50_ms"] for each in waits)[ROUNDS // 2],
            p99_ms=sorted(each["p99_ms"] for each in waits)[ROUNDS // 2],
            bytes=len(_payment()),
            connections=CONNECTIONS,
        )


def _payment() -> bytes:
    """Give the webhook of a payment, as the played Books sends it, of no payment yet."""
    books = next(system for system in all_systems(World(7)) if system.name == "books")
    contact = books.put("contacts", {"contact_name": "Zylker"})["contact_id"]
    lines = [{"name": "Setup", "rate": 400, "quantity": 3}]
    invoice = books.put("invoices", {"customer_id": contact, "line_items": lines})["invoice_id"]
    paid = {"customer_id": contact, "payment_mode": "cash", "amount": 400, "date": "2026-03-02"}
    record = books.put(
        "customerpayments",
        {**paid, "invoices": [{"invoice_id": invoice, "amount_applied": 400}]},
    )
    told = {"payment": {**record, "last_modified_time": record["updated_time"]}}
    written = encode(told).replace(record["payment_id"].encode(), PAYMENT_ID)
    return written.replace(record["updated_time"].encode(), MOMENT)

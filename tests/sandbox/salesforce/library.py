"""What a program does that is written on simple-salesforce: run by another Python.

Takes the sandbox's base URL; prints what it saw, as JSON.
"""

# The library is in the other Python only, and has no types of its own.
# mypy: disable-error-code="import-not-found"

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import jwt
import requests
from simple_salesforce import Salesforce


class Plain(requests.Session):
    """Calls without TLS, which the library insists on and a sandbox on this machine has not."""

    def prepare_request(self, request: requests.Request) -> requests.PreparedRequest:
        prepared = super().prepare_request(request)
        prepared.url = (prepared.url or "").replace("https://", "http://", 1)
        return prepared


def main(base: str, key_file: str) -> None:
    session = assertion(base, key_file)
    client = Salesforce(instance_url=base, session_id=session, version="67.0", session=Plain())
    account = client.Account.create({"Name": "Faro", "Hub_Id__c": "m-1"})["id"]
    client.Account.update(account, {"Phone": "1"})
    upserted = client.Account.upsert("Hub_Id__c/m-2", {"Name": "Evora"})
    names = [
        row["Name"] for row in client.query("SELECT Name FROM Account ORDER BY Name")["records"]
    ]
    for number in range(250):
        client.Contact.create({"LastName": f"Person {number}"})
    options = {"Sforce-Query-Options": "batchSize=200"}
    people = client.query_all("SELECT Id FROM Contact", headers=options)
    seen = {
        "names": names,
        "upserted": upserted,
        "people": len(people["records"]),
        "phone": client.Account.get(account)["Phone"],
        "by_mark": client.Account.get_by_custom_id("Hub_Id__c", "m-1")["Id"] == account,
        "fields": "Hub_Id__c" in [one["name"] for one in client.Account.describe()["fields"]],
        "objects": "Opportunity" in [one["name"] for one in client.describe()["sobjects"]],
        "used": client.api_usage["api-usage"].used > 0,
        "deleted": client.Account.delete(account),
    }
    sys.stdout.write(json.dumps(seen))


def assertion(base: str, key_file: str) -> str:
    """Log in as the library does by an assertion; it would not do so but at the vendor's hosts."""
    key = Path(key_file).read_text(encoding="utf-8")
    claims = {
        "iss": "sandbox",
        "sub": "hub@sandbox.example",
        "aud": "https://login.salesforce.com",
        "exp": f"{time.time() + 180:.0f}",
    }
    form = {
        "grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer",
        "assertion": jwt.encode(claims, key, algorithm="RS256"),
    }
    answer = requests.post(f"{base}/services/oauth2/token", data=form, timeout=10)
    return str(answer.json()["access_token"])


if __name__ == "__main__":
    main(*sys.argv[1:])

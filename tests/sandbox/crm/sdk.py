"""What a program does that is written on the vendor's own client library: run by another Python.

Takes the sandbox's base URL and a folder of its own; prints what it saw, as JSON.
"""

# The library is in the other Python only, and has no types of its own.
# mypy: disable-error-code="import-not-found"

from __future__ import annotations

import json
import sys
from pathlib import Path

from zohocrmsdk.src.com.zoho.api.authenticator.oauth_token import OAuthToken
from zohocrmsdk.src.com.zoho.api.authenticator.store import FileStore
from zohocrmsdk.src.com.zoho.crm.api import HeaderMap, ParameterMap
from zohocrmsdk.src.com.zoho.crm.api.coql import BodyWrapper as CoqlBody
from zohocrmsdk.src.com.zoho.crm.api.coql import CoqlOperations
from zohocrmsdk.src.com.zoho.crm.api.dc import DataCenter
from zohocrmsdk.src.com.zoho.crm.api.initializer import Initializer
from zohocrmsdk.src.com.zoho.crm.api.notifications import BodyWrapper as WatchBody
from zohocrmsdk.src.com.zoho.crm.api.notifications import Notification, NotificationsOperations
from zohocrmsdk.src.com.zoho.crm.api.record import (
    BodyWrapper,
    Field,
    GetRecordsParam,
    Record,
    RecordOperations,
    SearchRecordsParam,
)
from zohocrmsdk.src.com.zoho.crm.api.sdk_config import SDKConfig


def main(base: str, folder: str) -> None:
    start(base, folder)
    contact = create()
    seen = {
        "created": str(contact),
        "updated": update(contact),
        "listed": listed(),
        "queried": queried(),
        "found": found(),
        "watched": watched(),
    }
    sys.stdout.write(json.dumps(seen))


def start(base: str, folder: str) -> None:
    token = OAuthToken(client_id="sandbox", client_secret="sandbox", refresh_token="sandbox-crm")
    Initializer.initialize(
        environment=DataCenter.Environment(base, f"{base}/oauth/v2/token", base),
        token=token,
        store=FileStore(file_path=str(Path(folder) / "tokens.txt")),
        sdk_config=SDKConfig(auto_refresh_fields=True, pick_list_validation=False),
        resource_path=folder,
    )


def create() -> int:
    record = Record()
    record.add_field_value(Field.Contacts.last_name(), "Faro")
    record.add_field_value(Field.Contacts.first_name(), "Ines")
    record.add_field_value(Field.Contacts.email(), "ines@faro.example")
    record.add_key_value("Hub_Id", "c-71")
    body = BodyWrapper()
    body.set_data([record])
    said = RecordOperations("Contacts").create_records(body, HeaderMap())
    return int(said.get_object().get_data()[0].get_details()["id"])


def update(contact: int) -> str:
    record = Record()
    record.add_field_value(Field.Contacts.mailing_city(), "Porto")
    body = BodyWrapper()
    body.set_data([record])
    said = RecordOperations("Contacts").update_record(contact, body, HeaderMap())
    return str(said.get_object().get_data()[0].get_code().get_value())


def listed() -> list[object]:
    params = ParameterMap()
    params.add(GetRecordsParam.fields, "Last_Name,Mailing_City,Hub_Id,Modified_Time,Owner")
    said = RecordOperations("Contacts").get_records(params, HeaderMap())
    record = said.get_object().get_data()[0]
    return [record.get_key_value(name) for name in ("Last_Name", "Mailing_City", "Hub_Id")]


def queried() -> list[object]:
    body = CoqlBody()
    body.set_select_query("select Last_Name, Hub_Id from Contacts where id is not null limit 5")
    said = CoqlOperations().get_records(body).get_object()
    return [said.get_data()[0].get_key_value("Hub_Id"), said.get_info().get_count()]


def found() -> object:
    params = ParameterMap()
    params.add(SearchRecordsParam.email, "ines@faro.example")
    said = RecordOperations("Contacts").search_records(params, HeaderMap())
    return said.get_object().get_data()[0].get_key_value("Last_Name")


def watched() -> list[object]:
    channel = Notification()
    channel.set_channel_id("700000001")
    channel.set_events(["Deals.all", "Contacts.create"])
    channel.set_token("k3-9f2c")
    channel.set_notify_url("https://hub.example/zoho")
    body = WatchBody()
    body.set_watch([channel])
    said = NotificationsOperations().enable_notifications(body).get_object()
    one = said.get_watch()[0]
    return [one.get_code().get_value(), len(one.get_details()["events"])]


if __name__ == "__main__":
    main(*sys.argv[1:])

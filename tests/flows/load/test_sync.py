"""A sync is read: its sides, its keys, its fields, and what cannot be right in it."""

from __future__ import annotations

import msgspec
import pytest

from hub.errors import ConfigFault
from hub.flows.flow import AtMost, Step
from hub.flows.load import World
from tests.flows.load.desk import BOOKS, CRM, CUSTOMERS, changed, read_sync, refused

PEOPLE = """
[people]
sides = { crm = "crm.Contacts by Account_Name", books = "books.contactpersons in contact_persons" }
match = { sure = ["email"], maybe = ["last name"], gone = { crm = "unlink" } }
fields.email     = { crm = "Email",     books = "email",     owner = "latest", as = "email" }
fields.last_name = { crm = "Last_Name", books = "last_name", owner = "latest", as = "name" }
"""


def test_sides_are_read_in_the_order_of_the_file() -> None:
    flow = read_sync(CUSTOMERS)

    assert [(side.name, side.connection, side.kind) for side in flow.sides] == [
        ("crm", "crm", "Accounts"),
        ("books", "books", "contacts"),
    ]
    assert flow.sides[0].only is None
    assert flow.sides[1].only is not None
    assert flow.sides[1].only.of({"it": {"contact_type": "vendor"}}) is False


def test_fields_say_where_they_are_and_who_is_believed() -> None:
    name, address, phone = read_sync(CUSTOMERS).fields

    assert name.places == {"crm": ("Account_Name",), "books": ("company_name",)}
    assert (name.owner, name.step) == ("crm", Step(name="company"))
    assert address.places == {"crm": ("Billing_*",), "books": ("billing_address",)}
    assert (phone.owner, phone.clash, phone.lone, phone.empty, phone.write) == (
        "latest",
        "owner",
        "carry",
        "keep",
        "always",
    )


def test_all_that_a_field_may_say_is_read() -> None:
    said = (
        'owner = "crm", clash = "ask", lone = "put_back", empty = "carry", write = "on create", '
        'cut = 40, as = { true = "active", false = "inactive" } }'
    )
    text = CUSTOMERS + 'active = { crm = "Active", books = "status", ' + said

    field = read_sync(text).fields[-1]

    assert (field.clash, field.lone, field.empty, field.write) == (
        "ask",
        "put_back",
        "carry",
        "on create",
    )
    assert field.step == Step(
        name="table", cut=40, table=(("true", "active"), ("false", "inactive"))
    )


def test_a_way_may_lead_into_a_record_and_into_what_the_company_added() -> None:
    text = changed(CUSTOMERS, 'books = "phone"', 'books = "custom_field_hash.cf_phone"')

    assert read_sync(text).fields[2].places["books"] == ("custom_field_hash", "cf_phone")


def test_what_is_only_matched_by_needs_no_owner() -> None:
    text = changed(CUSTOMERS, 'owner = "latest", as = "phone"', 'as = "phone", write = "never"')

    assert read_sync(text).fields[2].write == "never"


def test_keys_name_fields_parts_of_an_address_and_paths_that_say_the_same() -> None:
    match = read_sync(CUSTOMERS).match

    literal, name_and_code = match.sure
    assert literal.text == "crm.id = books.zcrm_account_id"
    assert literal.parts[0].places == {"crm": ("id",), "books": ("zcrm_account_id",)}
    assert [part.part for part in name_and_code.parts] == ["", "code"]
    assert name_and_code.parts[0].step.name == "company"
    assert [key.text for key in match.maybe] == ["phone"]


def test_a_key_may_be_what_one_of_the_people_says() -> None:
    text = changed(CUSTOMERS, '["phone"]', '["people.email"]') + PEOPLE

    (part,) = read_sync(text).match.maybe[0].parts

    assert part.places == {"crm": ("people", "Email"), "books": ("contact_persons", "email")}
    assert part.step.name == "email"


def test_spaces_and_underscores_in_keys_are_alike() -> None:
    people = read_sync(CUSTOMERS + PEOPLE).people

    assert people is not None
    assert people.match.maybe[0].parts[0].places["crm"] == ("Last_Name",)


def test_people_are_a_sync_inside_the_sync() -> None:
    flow = read_sync(CUSTOMERS + PEOPLE)

    assert flow.people is not None
    crm, books = flow.people.sides
    assert (crm.kind, crm.by, crm.within) == ("Contacts", "Account_Name", "")
    assert (books.kind, books.by, books.within) == ("contactpersons", "", "contact_persons")
    assert flow.people.gone == {"crm": "unlink", "books": "ask"}
    assert flow.people.guard == flow.guard


def test_records_without_a_match_and_vanished_ones_are_asked_about_unless_said_otherwise() -> None:
    said = 'new = { crm = "create in books" }\ngone = { books = "unlink" }\n'
    flow = read_sync(changed(CUSTOMERS, "[match]\n", f"[match]\n{said}"))

    assert flow.new == {"crm": "create", "books": "ask"}
    assert flow.gone == {"crm": "ask", "books": "unlink"}


def test_what_tells_parts_apart_is_a_field_of_the_flow() -> None:
    text = changed(CUSTOMERS, '"customer"\' }', '"customer"\', part = "name" }')

    assert read_sync(text).sides[1].part == ("company_name",)


def test_what_tells_parts_apart_must_say_how_it_is_read() -> None:
    text = changed(CUSTOMERS, '"customer"\' }', '"customer"\', part = "currency_code" }')

    with pytest.raises(ConfigFault, match=r"expected one of \[fields\] that books has"):
        read_sync(text)


def test_the_guard_says_how_it_goes_live_and_where_it_stops() -> None:
    said = '[guard]\ngo_live = "shadow"\nat_most = ["25 per hour", "100000.50 EUR per day"]\n'
    guard = read_sync(f"{CUSTOMERS}\n{said}").guard

    assert guard.go_live == "shadow"
    assert guard.at_most == (
        AtMost(text="25 per hour", amount="25", seconds=3_600.0),
        AtMost(text="100000.50 EUR per day", amount="100000.50", currency="EUR", seconds=86_400.0),
    )


def test_without_a_guard_every_write_waits_for_a_person() -> None:
    assert read_sync(CUSTOMERS).guard.go_live == "hold"


def test_stories_are_kept_with_their_lines() -> None:
    story = '[[example]]\nstory = "a name"\nsee = ["one", "two"]\nexpect = "three"\n'
    (example,) = read_sync(f"{CUSTOMERS}\n{story}").examples

    assert (example.story, example.see, example.expect) == ("a name", ("one", "two"), ("three",))
    assert example.line == CUSTOMERS.count("\n") + 2


def test_the_id_of_a_flow_outlives_its_name() -> None:
    renamed = changed(CUSTOMERS, '"customers"', '"clients"\nid = "customers"')

    assert (read_sync(renamed).name, read_sync(renamed).id) == ("clients", "customers")
    assert read_sync(CUSTOMERS).id == "customers"


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            'owner = "latest"',
            'owner = "lastest"',
            (
                '15: fields.phone.owner: expected "crm", "books", "latest" or "ask", '
                'found "lastest"; did you mean "latest"?'
            ),
        ),
        (
            '"crm.Accounts"',
            '"crn.Accounts"',
            '5: sides.crm: expected a connection of hub.toml, found "crn"; did you mean "crm"?',
        ),
        (
            '"crm.Accounts"',
            '"crm.Acounts"',
            (
                '5: sides.crm: expected a kind of crm (zoho_crm), found "Acounts"; '
                'did you mean "Accounts"?'
            ),
        ),
        (
            '"Account_Name"',
            '"Acount_Name"',
            (
                '13: fields.name.crm: expected a field of crm.Accounts, found "Acount_Name"; '
                'did you mean "Account_Name"?'
            ),
        ),
        (
            '"Billing_*"',
            '"Biling_*"',
            (
                "14: fields.address.crm: expected the start of fields of crm.Accounts, "
                'found "Biling_*"'
            ),
        ),
        (
            'it.contact_type == "customer"',
            'it.contact_typ == "customer"',
            (
                '6: sides.books.only: expected a field of it, found "contact_typ", which it has '
                "not; "
                'did you mean "contact_type"?, in "it.contact_typ == \\"customer\\""'
            ),
        ),
        (
            'it.contact_type == "customer"',
            "it.contact_type",
            (
                "6: sides.books.only: expected an expression that is true or false, "
                'found one that gives text, in "it.contact_type"'
            ),
        ),
        (
            '"Phone"',
            '"Hub_Id"',
            (
                "15: fields.phone.crm: expected a field of crm.Accounts that is not the hub's, "
                'found "Hub_Id", which bears the hub\'s own mark: leave it out'
            ),
        ),
        (
            'books = "phone"',
            'books = "company_name"',
            (
                "15: fields.phone: expected one rule for company_name of books.contacts, "
                "found another, fields.name"
            ),
        ),
        (
            'crm = "Phone"',
            'crm = "Billing_City"',
            (
                "15: fields.phone: expected one rule for Billing_City of crm.Accounts, "
                "found another, fields.address"
            ),
        ),
        (
            'as = "phone"',
            'as = "fone"',
            (
                '15: fields.phone.as: expected "text", "name", "company", "email", "phone", '
                '"money", '
                '"number", "date", "time", "flag", "address", "country", "currency" or "tax '
                'number", '
                'found "fone"; did you mean "phone"?'
            ),
        ),
        (
            'crm = "Phone"',
            'crm = "Balance"',
            (
                '15: fields.phone.as: expected "money" or "number", found "phone" for a field that '
                "holds money"
            ),
        ),
        (
            'crm = "Phone"',
            'crm = "Tags"',
            (
                "15: fields.phone.crm: expected a field that can be kept in agreement, "
                "found one that holds a list"
            ),
        ),
        (
            '"name + address.code"',
            '"nam + address.code"',
            '9: match.sure: expected a field of this flow, found "nam"; did you mean "name"?',
        ),
        (
            '"name + address.code"',
            '"name + address.cod"',
            (
                '9: match.sure: expected a part of an address, found "cod" of address; '
                'did you mean "code"?'
            ),
        ),
        (
            "books.zcrm_account_id",
            "bookz.zcrm_account_id",
            '9: match.sure: expected a side of this flow, found "bookz"; did you mean "books"?',
        ),
        (
            '["phone"]',
            '["phone"]\nnew = { crm = "create" }',
            '11: match.new.crm: expected "create in books", "ask" or "ignore", found "create"',
        ),
        (
            '["phone"]',
            '["phone"]\ngone = { crm = "delete" }',
            (
                '11: match.gone.crm: expected "ask", "ignore", "deactivate" or "unlink", '
                'found "delete"'
            ),
        ),
        (
            "[match]",
            '[guard]\nat_most = "25 an hour"\n[match]',
            (
                '9: guard.at_most: expected "25 per hour" or "100000 EUR per day" (per minute, '
                "hour, "
                'day or week), found "25 an hour"'
            ),
        ),
        (
            'flow  = "customers"',
            'flow  = "Customers"',
            (
                "1: flow: expected a lower-case name of letters, digits and _, at most 40 "
                'characters, that starts with a letter, found "Customers"'
            ),
        ),
        (
            "[sides]",
            "[side]",
            " expected one of [sides] (a sync), [when] (a once) and [while] (a while), found none",
        ),
    ],
)
def test_what_cannot_be_right_is_told_with_its_line(old: str, new: str, told: str) -> None:
    assert refused(changed(CUSTOMERS, old, new)) == [f"f.toml:{told}"]


def test_all_faults_are_told_at_once_in_the_order_of_the_file() -> None:
    text = changed(CUSTOMERS, '"Account_Name"', '"Acount_Name"')
    text = changed(text, 'owner = "latest"', 'ownr = "latest"')
    text = changed(text, '["phone"]', '["fone"]')

    assert [one.split(": expected")[0] for one in refused(text)] == [
        "f.toml:10: match.maybe",
        "f.toml:13: fields.name.crm",
        "f.toml:15: fields.phone.owner",
        'f.toml:15: fields.phone.ownr: unknown key in a field; did you mean "owner"?',
    ]


def test_what_is_no_toml_is_told_with_its_line() -> None:
    (told,) = refused("flow = 'x'\nsides = [")

    assert told.startswith("f.toml:2: not TOML")


def test_a_flow_joins_no_live_and_test_connection() -> None:
    books = msgspec.structs.replace(BOOKS, mode="test")
    world = World(connections={"crm": CRM, "books": books})

    assert refused(CUSTOMERS, world=world) == [
        (
            "f.toml:4: sides: expected connections that are all live, or all test, "
            "found crm (live) and books (test)"
        )
    ]


def test_of_a_system_of_which_nothing_is_known_any_kind_and_field_is_taken() -> None:
    shop = msgspec.structs.replace(CRM, system="push", kinds={})
    world = World(connections={"crm": shop, "books": BOOKS})
    text = changed(CUSTOMERS, '"Account_Name"', '"whatever.it.calls_it"')

    assert refused(changed(text, "company_name", "compny_name"), world=world) == [
        (
            "f.toml:13: fields.name.books: expected a field of books.contacts, found "
            '"compny_name"; '
            'did you mean "company_name"?'
        )
    ]


def test_fields_that_an_account_added_itself_are_known() -> None:
    crm = CRM.with_own({"Accounts": {"VAT_Number": "text"}})
    world = World(connections={"crm": crm, "books": BOOKS})
    text = changed(CUSTOMERS, '"Phone"', '"VAT_Numbr"')

    assert refused(text, world=world)[0].endswith('did you mean "VAT_Number"?')

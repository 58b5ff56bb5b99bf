"""The settings of one connection: an account at one system.

`of` in the `extra` of a Meta names the systems that know a setting; the others are told so.
`guarded` marks an address that the secret is sent to.
"""

from typing import Annotated, Literal

from msgspec import Meta, Struct, field

from hub.settings.secret import Secret

WebAddress = Annotated[
    str,
    Meta(
        pattern=r"\Ahttps?://[^/\s]+",
        extra={"expected": "an address that starts with https:// or http://"},
    ),
]
SourceId = Annotated[
    str,
    Meta(
        pattern=r"\A[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\Z",
        extra={"expected": "a UUID such as 7c1f0a52-9d3e-11f0-8a2b-0242ac120002"},
    ),
]
FieldName = Annotated[str, Meta(min_length=1, extra={"expected": "the name of a field"})]

MailAddress = Annotated[
    str,
    Meta(
        pattern=r"\A[^@\s<>]+@[^@\s<>]+\Z",
        extra={"expected": "an e-mail address and nothing else"},
    ),
]
MessageTarget = Annotated[
    str, Meta(min_length=1, extra={"expected": "a channel or an e-mail address"})
]
ZOHO = ("zoho_crm", "zoho_books", "zoho_desk")
DESK, SALESFORCE, MAIL = ("zoho_desk",), ("salesforce",), ("email",)
"""Systems that know a setting which others do not."""


class Connection(Struct, frozen=True, kw_only=True):
    """One account at one system."""

    system: Annotated[
        Literal[
            "push", "zoho_crm", "zoho_books", "zoho_desk", "salesforce", "slack", "email", "webhook"
        ],
        Meta(
            description="What is connected: push POSTs its records; slack, email, webhook take "
            "messages."
        ),
    ]
    secret: Annotated[
        Secret | None,
        Meta(
            description="Client secret, or key of a jwt; Slack's token or webhook; a mail "
            "password; what signs.",
            extra={"elsewhere": True},
        ),
    ] = None
    client_id: Annotated[
        str | None, Meta(description="The id of the client that was registered with the vendor.")
    ] = None
    data_centre: Annotated[
        Literal["us", "eu", "in", "au", "jp", "ca", "cn", "sa", "sg", "ae", "uk"],
        Meta(description="Zoho's data centre in which the account lives.", extra={"of": ZOHO}),
    ] = "us"
    organization: Annotated[
        str | None,
        Meta(
            description="The id of the organisation in Books or Desk; `hub connect` lists them.",
            extra={"of": ("zoho_books", "zoho_desk")},
        ),
    ] = None
    login: Annotated[
        Literal["jwt", "client_credentials", "refresh_token"],
        Meta(description="How the hub is let in at Salesforce.", extra={"of": SALESFORCE}),
    ] = "jwt"
    username: Annotated[
        str | None,
        Meta(
            description="Who the hub is: at Salesforce, for the login jwt; at a mail server.",
            extra={"of": ("salesforce", "email")},
        ),
    ] = None
    api_version: Annotated[
        str,
        Meta(
            description="The version of Salesforce's API that is spoken.",
            pattern=r"\A[0-9]{2,3}\.0\Z",
            extra={"of": SALESFORCE, "expected": "a version such as 67.0"},
        ),
    ] = "67.0"
    objects: Annotated[
        list[FieldName],
        Meta(
            description="Custom objects of Salesforce that are read and written, as Foo__c.",
            extra={"of": SALESFORCE},
        ),
    ] = field(default_factory=list)
    change_events: Annotated[
        Annotated[list[FieldName], Meta(max_length=5)] | None,
        Meta(
            description="Of which objects it tells; without it, of those that flows are about.",
            extra={"of": SALESFORCE, "expected": "at most five names of objects, or []"},
        ),
    ] = None
    stream_address: Annotated[
        str,
        Meta(
            description="Where Salesforce tells them; grpc://127.0.0.1:8901 is a sandbox here.",
            pattern=r"\Agrpcs?://[^/\s]+:[0-9]+\Z",
            extra={
                "of": SALESFORCE,
                "expected": "an address such as grpcs://HOST:7443",
                "guarded": True,
            },
        ),
    ] = "grpcs://api.pubsub.salesforce.com:7443"
    stream_silence_seconds_max: Annotated[
        float,
        Meta(
            description="A stream of changes that says nothing for longer is begun anew.",
            ge=1,
            le=86_400,
            extra={"of": SALESFORCE},
        ),
    ] = 300.0
    plan: Annotated[
        Literal["free", "express", "standard", "professional", "premium", "enterprise", "ultimate"],
        Meta(description="What is paid for there: it says how many calls a day allows."),
    ] = "free"
    condition_header: Annotated[
        str,
        Meta(
            description="The header by which Zoho CRM changes only what nobody changed since it was"
            " seen; empty: none.",
            pattern=r"\A[A-Za-z-]*\Z",
            extra={"of": ("zoho_crm",)},
        ),
    ] = "If-Unmodified-Since"
    mode: Annotated[
        Literal["live", "test"],
        Meta(description="Whether real business is done there; no flow joins live and test."),
    ] = "live"
    address: Annotated[
        WebAddress | None,
        Meta(
            description="Where the system is, if not at the vendor: a sandbox, a webhook, "
            "Salesforce's My Domain.",
            extra={"guarded": True},
        ),
    ] = None
    source_id: Annotated[
        SourceId | None,
        Meta(
            description="What the hub's writes to Zoho Desk carry as their sourceId, a UUID.",
            extra={"of": DESK},
        ),
    ] = None
    open_tickets_seconds: Annotated[
        float,
        Meta(
            description="How often open tickets of Zoho Desk are read for what it does not "
            "tell (overdue); 0 never.",
            ge=0,
            le=604_800,
            extra={"of": DESK},
        ),
    ] = 300.0
    tags: Annotated[
        list[FieldName],
        Meta(
            description="Tags of Zoho Desk looked for as often: who gets or loses one is read.",
            extra={"of": DESK},
        ),
    ] = field(default_factory=list)
    history_rows: Annotated[
        int,
        Meta(
            description="Rows of its history that a ticket of Zoho Desk is read with, for 3 "
            "credits; 0 none.",
            ge=0,
            le=50,
            extra={"of": DESK},
        ),
    ] = 0
    departments: Annotated[
        Annotated[list[FieldName], Meta(max_length=20)],
        Meta(
            description="Departments of Zoho Desk whose tickets are read and written; without it, "
            "all.",
            extra={"of": DESK, "expected": "at most 20 names of departments, or []"},
        ),
    ] = field(default_factory=list)
    to: Annotated[
        list[MessageTarget],
        Meta(
            description="Where messages go that do not say it: one Slack channel, or addresses.",
            extra={"of": ("slack", "email")},
        ),
    ] = field(default_factory=list)
    server: Annotated[
        str | None,
        Meta(description="The mail server, as smtp.example.com:587.", extra={"of": MAIL}),
    ] = None
    tls: Annotated[
        Literal["starttls", "implicit", "none"],
        Meta(
            description="How the mail server is talked to; none only on this machine.",
            extra={"of": MAIL},
        ),
    ] = "starttls"
    sender: Annotated[
        MailAddress | None,
        Meta(description="The address that mails come from.", extra={"of": MAIL}),
    ] = None
    messages_per_minute: Annotated[
        int,
        Meta(
            description="Most messages a minute by mail or webhook.",
            ge=1,
            le=10_000,
            extra={"of": ("email", "webhook")},
        ),
    ] = 60
    keep_out: Annotated[
        list[FieldName],
        Meta(description="Fields that are removed before anything is kept."),
    ] = field(default_factory=list)

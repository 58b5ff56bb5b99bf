-- What the flows stand on: folds of the log under the sync projector's position.

-- flows: which flow is in force, as it was installed, and what it may do.
create table flows (
    flow       text        collate "C" not null primary key,
    text       text        not null,
    file       text        not null,
    resolved   bytea       not null,                -- what that came to, with all it extends
    answers    bytea       not null,                -- {question: [answer]}
    digest     text        not null,
    installed  bigint      not null,                -- the event
    mode       text        not null default 'off',
    moded      bigint,                              -- the event that set the mode
    started    bigint,                              -- the event since which it decides
    started_at timestamptz,
    spent      bytea       not null                 -- what it has done of late, for its brake
);

-- keys: by what records are found: match keys, lookups, marks. Only of kinds that a flow is about.
create table keys (
    connection text   collate "C" not null,
    kind       text   collate "C" not null,
    record     text   collate "C" not null,
    name       text   collate "C" not null,         -- which key: that of a flow, a field, the mark
    value      text   collate "C" not null,
    primary key (connection, kind, record, name, value)
);

create index keys_by_value on keys (connection, kind, name, value);

-- agreements: what the fields of a link are, after owners and conflicts, for one flow.
create table agreements (
    link       uuid   not null,
    flow       text   collate "C" not null,
    fields     bytea  not null,                     -- {field: {value, by, words, renderings, …}}
    position   bigint not null,                     -- the event of the last change
    primary key (link, flow)
);

-- cases: one row for each thing that a once or while flow waits for, has done, or has given up.
create table cases (
    flow       text        collate "C" not null,
    "case"     text        collate "C" not null,    -- its once-key: the record it is about
    state      text        not null,
    until      timestamptz,                         -- when time is to be told
    since      bigint      not null,                -- the event of the last change
    data       bytea       not null,
    why        text        not null,
    primary key (flow, "case")
);

create index cases_until on cases (until) where until is not null;

-- deliveries: one row per record that something is owed to, and per slot yet to be filled.
create table deliveries (
    id         uuid        not null primary key,    -- and the mark of what is made
    connection text        collate "C" not null,
    kind       text        collate "C" not null,
    record     text        collate "C" not null,    -- empty: it is yet to be made
    part       text        collate "C" not null,
    link       uuid,
    flow       text        collate "C" not null,    -- that owed it last
    "case"     text        collate "C" not null,
    state      text        not null,                -- owed, sending, done, parked, skipped
    share      text        not null,                -- of the budget: documents, contacts, backfill
    fields     bytea,                               -- what is to be made; null: what the link agrees on
    told       bytea,                               -- {flow: {field: value}} beside that
    sent       bytea,                               -- what the last attempt was to write
    attempt    integer     not null,
    rounds     integer     not null,                -- attempts since it last came to rest
    look       boolean     not null,                -- the last answer is unknown: look first
    approved   bigint,                              -- the event by which a person let it go
    not_before timestamptz,
    answered_at timestamptz,                        -- the vendor's stamp of the last write
    owed       bigint      not null,                -- the event since which it is owed
    moved      bigint      not null,                -- the event of its last move
    moved_at   timestamptz not null,
    because    text        not null,
    reason     text        not null,
    trace      text
);

create index deliveries_owed on deliveries (connection, share desc, owed, id)
    where state in ('owed', 'sending');
create index deliveries_by_record on deliveries (connection, kind, record);
create index deliveries_by_link on deliveries (link);

-- inbox: what needs a person.
create table inbox (
    item       uuid        not null primary key,
    flow       text        collate "C" not null,
    reason     text        not null,
    sentence   text        not null,
    subject    text        collate "C" not null,
    choices    bytea       not null,                -- [what can be answered]
    data       bytea       not null,
    since      bigint      not null,
    settled    bigint,                              -- the event; null: it waits
    settled_by text        not null default ''
);

create index inbox_waiting on inbox (since) where settled is null;
create index inbox_by_subject on inbox (subject);

-- stops: whether anything may be written to a connection; one without a row may be written to.
create table stops (
    connection text        collate "C" not null primary key,
    stopped    boolean     not null,
    since      bigint      not null,
    reason     text        not null
);

-- days: the day that it is at each connection, in its own time zone.
create table days (
    connection text        collate "C" not null primary key,
    day        date        not null,
    zone       text        not null,
    since      bigint      not null
);

-- What was decided is found by its cause when tables are made anew.
create index events_decided on events (cause) where type = 'decided';

do $$
begin
    execute format(
        'grant select, insert, update, delete on flows, keys, agreements, cases, deliveries, inbox,
         stops, days to %I', current_schema() || '_serve');
    execute format(
        'grant select on flows, keys, agreements, cases, deliveries, inbox, stops, days to %I',
        current_schema() || '_replay');
end $$;

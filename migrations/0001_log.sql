-- The log: one immutable row per event, in one order, without gaps.
--
-- Two roles are made beside it, named after the schema. `<schema>_serve` is what a running hub is:
-- it adds events and can change none. `<schema>_replay` is what rebuilds tables: it only reads here.
-- Whoever runs the migrations owns everything, and is the only one who may detach a partition.

do $$
declare
    role text;
begin
    foreach role in array array[current_schema() || '_serve', current_schema() || '_replay'] loop
        if not exists (select from pg_roles where rolname = role) then
            execute format('create role %I nologin', role);
        end if;
        execute format('grant %I to current_user', role);
        execute format('grant usage on schema %I to %I', current_schema(), role);
    end loop;
end $$;

create table events (
    position    bigint      not null,               -- dense, from 1, in the order of the commits
    cause       bigint,                             -- the position that led to this event
    occurred_at timestamptz,                        -- when the source says it happened: its stamp
    recorded_at timestamptz not null,               -- when it was kept; never runs backwards
    id          uuid        not null,               -- which event this is; a repeat bears the same
    seal        uuid,                               -- the key that seals `data`; destroyed = erased
    shape       smallint    not null,               -- which form of its type `data` has
    type        text        collate "C" not null,   -- what happened, in the past tense
    connection  text        collate "C",            -- the account it happened in
    kind        text        collate "C",            -- the vendor's name for such records
    record      text        collate "C",            -- the vendor's id of the record
    road        text        collate "C",            -- how it reached us: webhook, poll, stream, ...
    cover       text        collate "C",            -- which fields it speaks of; null: those it has
    origin      text        collate "C",            -- who caused it
    flow        text        collate "C",
    trace       text        collate "C",            -- W3C traceparent
    data        bytea       not null,               -- JSON, to the byte as it came (or sealed)
    digest      bytea       not null,               -- sha256 of all of the above that the hub was given
    link        bytea,                              -- closes a batch: sha256 chained over all before
    primary key (position)
) partition by range (position);

-- Few rows, long texts: a page of them would be compressed for nothing.
alter table events alter column data set storage external;

create index events_by_record on events (record, kind, connection, position) where record is not null;
create index events_by_cause on events (cause) where cause is not null;
create index events_about_events on events (position) where type in ('parked', 'unparked');

-- Which ids are in the log, archived or not. Ids begin with a time, so both its table and its index
-- grow at their end however large they are; an index per partition would have to be asked one by one.
create table kept (
    id       uuid   not null primary key,
    position bigint not null
);

-- Closed partitions that were written to files. Not a fold: beside the log, like the files.
create table archives (
    first       bigint      not null primary key,
    last        bigint      not null unique,
    recorded_at timestamptz not null,               -- of its last event
    digest      bytea       not null,               -- sha256 of the file
    about       bytea       not null,               -- its events about other events, as msgpack
    file        text        not null                -- its name in the archive directory
);

-- Not all that is JSON is jsonb (a zero in a text, a number of a million digits): such data is shown
-- as one text, and no single event spoils a query over all.
create function shown(data bytea) returns jsonb
language plpgsql
immutable
as $$
begin
    return convert_from(data, 'UTF8')::jsonb;
exception when data_exception or program_limit_exceeded then
    return to_jsonb(convert_from(data, 'UTF8'));
end $$;

-- For a person with psql.
create view event_json as
    select position, recorded_at, occurred_at, type, connection, kind, record, road, origin, cause,
           flow, case when seal is null then shown(data) end as data,
           cover, shape, seal, id, trace
    from events;

do $$
begin
    execute format('grant select, insert on events, kept to %I', current_schema() || '_serve');
    execute format('grant select on events, kept, archives, event_json to %I, %I',
                   current_schema() || '_serve', current_schema() || '_replay');
end $$;

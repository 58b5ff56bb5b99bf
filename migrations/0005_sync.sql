-- The sync projector's tables, all folds of the log under one position.

-- records: what each record says, field by field, and since when.
create table records (
    connection text        collate "C" not null,
    kind       text        collate "C" not null,
    record     text        collate "C" not null,
    stamp      timestamptz,                         -- the vendor's, of the newest word about it
    position   bigint      not null,                -- the event of that word; 0: never observed
    fields     bytea       not null,                -- JSON object
    said       bytea,                               -- {field: [stamp, position]} where not as above
    gone       bigint,                              -- the event that says it is deleted
    gone_at    timestamptz,
    doubt      bigint,                              -- said otherwise at one stamp: to be read again
    late       bigint,                              -- the last event that was older than known
    late_count bigint      not null default 0,
    primary key (connection, kind, record)
);

-- record_row: a row of `records` on its way there; unlike the table it is the same in a rebuild.
create type record_row as (
    connection text, kind text, record text, stamp timestamptz, position bigint, fields bytea,
    said bytea, gone bigint, gone_at timestamptz, doubt bigint, late bigint, late_count bigint
);

create index records_in_doubt on records (doubt) where doubt is not null;

-- links: the ID map. A record is in at most one link; a link has one record per slot.
create table links (
    connection text   collate "C" not null,
    kind       text   collate "C" not null,
    record     text   collate "C" not null,
    link       uuid   not null,
    part       text   collate "C" not null,
    since      bigint not null,                     -- the event that put it there
    primary key (connection, kind, record)
);

create unique index links_slots on links (link, connection, kind, part);

-- link_history: everything that happened to a link, for people to read and for any moment past.
create table link_history (
    position   bigint not null,
    step       integer not null,                    -- within the event
    link       uuid   not null,
    act        text   not null,                     -- joined, left, clashed
    connection text   collate "C" not null,
    kind       text   collate "C" not null,
    record     text   collate "C" not null,
    part       text   collate "C" not null,
    other      uuid,                                -- the link it came from, went to, or clashed with
    primary key (position, step)
);

create index link_history_by_link on link_history (link, position);
create index link_history_by_record on link_history (connection, kind, record, position);

-- duplicates: two claims to one place, for a person to settle.
create table duplicates (
    position   bigint not null,                     -- the event that claimed it
    link       uuid   not null,                     -- the link it claimed
    connection text   collate "C" not null,
    kind       text   collate "C" not null,
    record     text   collate "C" not null,
    part       text   collate "C" not null,
    other_link   uuid not null,                     -- where the record is, or whose place it is
    other_record text collate "C" not null,         -- who holds the place; itself: it is elsewhere
    primary key (position, link, connection, kind, record)
);

create index duplicates_by_record on duplicates (connection, kind, record);
create index duplicates_by_other on duplicates (connection, kind, other_record);

do $$
begin
    execute format(
        'grant select, insert, update, delete on records, links, link_history, duplicates to %I',
        current_schema() || '_serve');
    execute format('grant select on records, links, link_history, duplicates to %I',
                   current_schema() || '_replay');
end $$;

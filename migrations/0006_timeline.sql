-- The timeline projector's tables: what happened to a record, in words that fit on a line.

create table timeline (
    connection  text        collate "C" not null,
    kind        text        collate "C" not null,
    record      text        collate "C" not null,
    position    bigint      not null,
    recorded_at timestamptz not null,
    occurred_at timestamptz,
    type        text        not null,
    road        text,
    origin      text,
    link        uuid,                               -- the link the event is about, if it is about one
    first       boolean     not null,               -- a baseline: nothing was known of it before
    changed     text[]      not null,               -- fields that say other than this road said before
    primary key (connection, kind, record, position)
);

-- What each road said last, to tell what changed.
create table timeline_last (
    connection text  collate "C" not null,
    kind       text  collate "C" not null,
    record     text  collate "C" not null,
    road       text  collate "C" not null,
    data       bytea not null,
    primary key (connection, kind, record, road)
);

do $$
begin
    execute format('grant select, insert, update, delete on timeline, timeline_last to %I',
                   current_schema() || '_serve');
    execute format('grant select on timeline, timeline_last to %I', current_schema() || '_replay');
end $$;

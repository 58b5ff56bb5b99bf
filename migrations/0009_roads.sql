-- The roads projector's tables: how each road of each connection stands, and what waits to be read.

create table roads (
    connection text        collate "C" not null,
    kind       text        collate "C" not null,
    road       text        collate "C" not null,
    heard      bigint      not null default 0,      -- the last event that came by it
    heard_at   timestamptz,
    records    bigint      not null default 0,      -- how many such events there were
    cursor     text        collate "C",             -- where to read on; null: it was never read
    read       bigint,                              -- the event that says so
    read_at    timestamptz,
    done       bigint,                              -- the event that says it was read to its end
    done_at    timestamptz,
    overdue_at timestamptz,                         -- to be heard of by then; null: at any time
    stamp      timestamptz,                         -- the newest of the vendor's that came by it
    unheard    bigint      not null default 0,      -- changes others found that it should have told
    silent     bigint,                              -- the event that says it fell silent
    primary key (connection, kind, road)
);

-- notices: records of which something was said to have happened, and that were not read since.
create table notices (
    connection text   collate "C" not null,
    kind       text   collate "C" not null,
    record     text   collate "C" not null,
    first      bigint not null,                     -- the oldest notice that waits
    last       bigint not null,                     -- the newest: what is read because of it settles all
    count      bigint not null,
    primary key (connection, kind, record)
);

create index notices_by_age on notices (connection, first);

do $$
begin
    execute format('grant select, insert, update, delete on roads, notices to %I',
                   current_schema() || '_serve');
    execute format('grant select on roads, notices to %I', current_schema() || '_replay');
end $$;

-- What follows the log: how far each projector has come, who runs it, and what it could not apply.

create table projectors (
    name        text        not null primary key,
    position    bigint      not null default 0,
    epoch       bigint      not null default 0,     -- grows with every holder: an old one is told by it
    holder      text        not null default '',    -- host and process
    lease_until timestamptz not null default '-infinity'
);

-- One row per event that waits for a person: the one that failed, and the later ones of its record.
create table parked (
    projector  text   not null,
    position   bigint not null,
    connection text,
    kind       text,
    record     text,
    reason     text,                                -- null: held behind one that failed
    since      bigint not null,                     -- where the projector stood
    primary key (projector, position)
);

create index parked_by_record on parked (projector, connection, kind, record);

do $$
begin
    execute format('grant select, insert, update, delete on projectors, parked to %I',
                   current_schema() || '_serve');
    execute format('grant select on projectors, parked to %I', current_schema() || '_replay');
    execute format('grant select on migrations to %I, %I',
                   current_schema() || '_serve', current_schema() || '_replay');
end $$;
